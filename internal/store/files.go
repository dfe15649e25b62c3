package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile has f write a file under another name in the same directory, for the
// owner's eyes only, and gives it its own name once it is on the disk whole. A
// file that is there stays, unless it may be replaced.
func writeFile(file string, replace bool, f func(path string) error) error {
	if err := vacant(file, replace); err != nil {
		return err
	}
	made, err := os.CreateTemp(filepath.Dir(file), partName(file))
	if err != nil {
		return err
	}
	path := made.Name()
	defer func() { _ = os.Remove(path) }() // unless it has been renamed
	if err := made.Close(); err != nil {
		return err
	}
	if err := f(path); err != nil {
		return err
	}
	if err := vacant(file, replace); err != nil { // it may have come meanwhile
		return err
	}
	if err := syncFile(path); err != nil {
		return err
	}
	if err := os.Rename(path, file); err != nil {
		return err
	}
	return syncFile(filepath.Dir(file))
}

// partName is what a file is called before it is whole.
func partName(file string) (pattern string) { return "." + filepath.Base(file) + "-*" }

// removeUnfinished removes what is left of a writeFile whose process was killed.
// Nobody else may be writing the file.
func removeUnfinished(file string) error {
	dir := filepath.Dir(file)
	left, err := fs.Glob(os.DirFS(dir), partName(file)) // the directory's name may look like a pattern
	for _, name := range left {
		err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
	}
	return err
}

func vacant(file string, replace bool) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("that is no file that could be replaced; choose another name")
	case !replace:
		return errors.New("the file is there already; choose another name, or replace it with --force")
	}
	return nil
}

// syncFile has the disk keep a file, or the names in a directory.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
