package authoring

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFolderRefusesWhatIsNoContent attacks a folder of content by what stands in
// it.
func TestFolderRefusesWhatIsNoContent(t *testing.T) {
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret.yaml"), 9)
	tests := []struct {
		name   string
		attack func(dir string) error
		says   string
	}{
		{"a link to a file elsewhere", func(dir string) error {
			return os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(dir, "flows/a.yaml"))
		}, "flows/a.yaml is a link that leads to nothing in this folder"},
		{"a link that climbs out", func(dir string) error {
			up, err := filepath.Rel(filepath.Join(dir, "flows"), filepath.Join(outside, "secret.yaml"))
			if err != nil {
				return err
			}
			return os.Symlink(up, filepath.Join(dir, "flows/a.yaml"))
		}, "flows/a.yaml is a link that leads to nothing in this folder"},
		{"a link to a folder elsewhere", func(dir string) error {
			return os.Symlink(outside, filepath.Join(dir, "articles"))
		}, "articles is a link that leads to nothing in this folder"},
		{"a link in a circle", func(dir string) error {
			return os.Symlink("a.yaml", filepath.Join(dir, "flows/a.yaml"))
		}, "flows/a.yaml is a link that leads to nothing in this folder"},
		{"a pipe, which would never end", func(dir string) error {
			return syscall.Mkfifo(filepath.Join(dir, "flows/a.yaml"), 0o600)
		}, "flows/a.yaml is no regular file"},
		{"a file too large", func(dir string) error {
			write(t, filepath.Join(dir, "flows/a.yaml"), maxFile+1)
			return nil
		}, "flows/a.yaml has 1048577 bytes"},
		{"too many bytes", func(dir string) error {
			for i := range maxTotal/maxFile + 1 {
				write(t, filepath.Join(dir, fmt.Sprintf("%d.md", i)), maxFile)
			}
			return nil
		}, "this is no folder of content"},
		{"too many files", func(dir string) error {
			for i := range maxFiles + 1 {
				write(t, filepath.Join(dir, fmt.Sprintf("%d.md", i)), 0)
			}
			return nil
		}, "this is no folder of content"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "flows"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := test.attack(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := Folder(dir); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want … %s …", err, test.says)
			}
		})
	}
}

// TestNothingBeyondTheFolderIsRead: a link may lead to a file of the folder; one
// that is turned outwards after the folder was looked at still reads nothing.
func TestNothingBeyondTheFolderIsRead(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(dir, "a.yaml"), 3)
	write(t, filepath.Join(outside, "secret.yaml"), 3)
	link := filepath.Join(dir, "b.yaml")
	if err := os.Symlink("a.yaml", link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("somebody@host.1234", filepath.Join(dir, ".#a.yaml")); err != nil { // the lock of Emacs
		t.Fatal(err)
	}
	content, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(content, "b.yaml"); err != nil {
		t.Errorf("a link within the folder: %v", err)
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"b.yaml", "../" + filepath.Base(outside) + "/secret.yaml", filepath.Join(outside, "secret.yaml")} {
		if data, err := fs.ReadFile(content, name); err == nil {
			t.Errorf("%s reads %d bytes", name, len(data))
		}
	}
}

// TestBoundedLooksIntoArchives: a version that is kept is an archive, whose small
// files may be large ones packed tightly.
func TestBoundedLooksIntoArchives(t *testing.T) {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	w, err := z.Create("topics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(bytes.Repeat([]byte(" "), 20*maxFile)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if err := Bounded(files); err == nil || !strings.Contains(err.Error(), "topics.yaml has") {
		t.Errorf("%d bytes that hold %d: %v", packed.Len(), 20*maxFile, err)
	}
}

// TestDecodeRefusesBombs: short files that grow when they are read.
func TestDecodeRefusesBombs(t *testing.T) {
	var laughs strings.Builder
	laughs.WriteString("a0: &a0 [ha, ha]\n")
	for i := range 30 {
		fmt.Fprintf(&laughs, "a%d: &a%d [*a%d, *a%d]\n", i+1, i+1, i, i)
	}
	tests := []struct{ name, text, says string }{
		{"aliases of aliases", laughs.String(), "an alias (*name)"},
		{"an alias of itself", "a: &a [*a]\n", "an alias (*name)"},
		{"a merged alias", "a: &a {title: x}\nb: {<<: *a}\n", "an alias (*name)"},
		{"brackets without end", "a: " + strings.Repeat("[", 100_000), "more than 20 deep"},
		{"braces without end", "a: " + strings.Repeat("{b: ", 100_000), "more than 20 deep"},
		{"dashes without end", strings.Repeat("- ", 100_000) + "a", "more than 20 deep"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out any
			faults, ok := Decode(test.text, &out)
			if ok || len(faults) != 1 || !strings.Contains(faults[0].Text, test.says) {
				t.Errorf("%v, want … %s …", faults, test.says)
			}
		})
	}
}

func write(t *testing.T, file string, size int64) {
	t.Helper()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, size); err != nil {
		t.Fatal(err)
	}
}
