package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps other processes from changing the keys until unlock, or until this
// one ends. It is on the directory, since the file itself is replaced.
func (p Place) lock() (unlock func(), err error) {
	if p.Given != "" {
		return nil, errors.New("the key comes from SUPPORTBOT_KEY, which this program cannot change; put it into a file and name that with --key-file, rotate, and set the variable to the base64 of the new file")
	}
	dir, err := os.Open(filepath.Dir(p.File))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir.Name(), err), dir.Close())
	}
	return func() { _ = dir.Close() }, nil
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

// sameAccess gives a file the owner, group and mode of another, if that is there.
func sameAccess(file, like string) error {
	info, err := os.Stat(like)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		if err := os.Chown(file, int(owner.Uid), int(owner.Gid)); err != nil {
			return fmt.Errorf("%w; run this as the owner of %s", err, like)
		}
	}
	return os.Chmod(file, info.Mode().Perm())
}
