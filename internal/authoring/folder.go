package authoring

import (
	"fmt"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// Limits of content: far more than any guide needs.
const (
	maxFile  = 1 << 20  // bytes of one file
	maxTotal = 32 << 20 // bytes of all files
	maxFiles = 10_000
	maxDepth = 20 // lists and mappings within each other
)

// Limits hold YAML to what people write: a few levels, and everything written
// out. An alias can make a short file fill the memory.
var Limits = yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth), loaderlimits.AliasValue(0)))

// Folder opens a folder of content. Nothing beyond it can be read through it, not
// by a link either. The error names the file that is at fault and the remedy.
func Folder(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir) // closed once nobody reads from it any more
	if err != nil {
		return nil, fmt.Errorf("content: %w", err)
	}
	if err := Bounded(root.FS()); err != nil {
		return nil, fmt.Errorf("content: %s: %w", dir, err)
	}
	return root.FS(), nil
}

// Bounded refuses files that could hang or fill the memory of whoever reads
// them. What editors leave is not read: the lock of Emacs is a link that leads
// nowhere.
func Bounded(content fs.FS) error {
	files, total := 0, int64(0)
	return fs.WalkDir(content, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case Litter(file) && d.IsDir():
			return fs.SkipDir
		case d.IsDir(), Litter(file):
			return nil
		}
		info, err := fs.Stat(content, file) // a link counts as what it leads to
		switch {
		case err != nil && d.Type()&fs.ModeSymlink != 0:
			return fmt.Errorf("%s is a link that leads to nothing in this folder; put the file itself there: %w", file, err)
		case err != nil:
			return err
		case info.IsDir():
			return nil
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s is no regular file; take it out", file)
		case info.Size() > maxFile:
			return fmt.Errorf("%s has %d bytes, the most is %d; split it or take it out", file, info.Size(), maxFile)
		}
		files, total = files+1, total+info.Size()
		if files > maxFiles || total > maxTotal {
			return fmt.Errorf("this is no folder of content: at %s there are more than %d files or %d bytes", file, maxFiles, maxTotal)
		}
		return nil
	})
}
