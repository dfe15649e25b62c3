//go:build unix

package seal

import (
	"os"
	"syscall"
	"testing"
)

// TestARotationKeepsWhoMayReadTheKey: a server that reads the file as another user,
// or through its group, would else be shut out of all that is sealed from then on.
func TestARotationKeepsWhoMayReadTheKey(t *testing.T) {
	r, p := create(t)
	if err := os.Chmod(p.File, 0o640); err != nil {
		t.Fatal(err)
	}
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 { // who else could give a file away
		uid, gid = 4711, 4712
		if err := os.Chown(p.File, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Rotate(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(p.File)
	if err != nil {
		t.Fatal(err)
	}
	owner := info.Sys().(*syscall.Stat_t)
	if info.Mode().Perm() != 0o640 || int(owner.Uid) != uid || int(owner.Gid) != gid {
		t.Errorf("the file is of %d:%d with mode %v, want %d:%d and 0640", owner.Uid, owner.Gid, info.Mode().Perm(), uid, gid)
	}
}

// TestTwoRotationsAtOnceLoseNoKey: whatever one of two operators has sealed opens
// with the file that both leave behind.
func TestTwoRotationsAtOnceLoseNoKey(t *testing.T) {
	r, p := create(t)
	var rings []*Ring
	for range 4 { // each of a process that has loaded the file before the others changed it
		other, err := p.Load()
		if err != nil {
			t.Fatal(err)
		}
		rings = append(rings, other)
	}
	sealed := make(chan []byte, len(rings))
	for _, other := range rings {
		go func() {
			if err := other.Rotate(); err != nil {
				t.Error(err)
			}
			wrapped, err := other.Wrap([]byte("secret"), "here")
			if err != nil {
				t.Error(err)
			}
			sealed <- wrapped
		}()
	}
	for range rings {
		if _, err := r.Unwrap(<-sealed, "here"); err != nil {
			t.Errorf("what a rotation has sealed is lost: %v", err)
		}
	}
}
