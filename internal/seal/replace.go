package seal

import (
	"errors"
	"fmt"
	"os"
)

// lock keeps other processes from changing the keys until unlock, or until this
// one ends.
func (p Place) lock() (unlock func(), err error) {
	if p.Given != "" {
		return nil, errors.New("the key comes from SUPPORTBOT_KEY, which this program cannot change; put it into a file and name that with --key-file, rotate, and set the variable to the base64 of the new file")
	}
	return lockFolder(p.File)
}

// replace writes other keys into the file. Who could read it still can: a server
// that runs as another user than whoever rotates, or reads it through its group.
func (p Place) replace(h held) error {
	err := p.write(h, func(from, to string) error {
		if err := sameAccess(from, to); err != nil {
			return err
		}
		return os.Rename(from, to)
	})
	if err != nil {
		return fmt.Errorf("seal: keep the new key: %w", err)
	}
	return nil
}
