//go:build !unix

package seal

import (
	"fmt"
	"runtime"
)

// lockFolder refuses: this system has neither the lock nor the owners of files that
// a new key needs.
func lockFolder(file string) (unlock func(), err error) {
	return nil, fmt.Errorf("keys are not changed on %s; bring %s to a Unix system, rotate there against the same database, and bring it back", runtime.GOOS, file)
}

// sameAccess is never reached, since lockFolder comes first.
func sameAccess(_, _ string) error { return nil }
