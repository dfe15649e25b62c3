package store

import (
	"os"
	"path/filepath"
	"testing"

	"supportbot/internal/seal"
)

// testKey is the key of all databases of these tests, in a file that the first of
// them makes.
var testKey seal.Place

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "supportbot-key-")
	if err != nil {
		panic(err)
	}
	testKey = seal.Place{File: filepath.Join(dir, "key"), Make: true}
	if file := os.Getenv("SUPPORTBOT_TEST_KEY"); file != "" { // of the process that has started this one
		testKey.File = file
	}
	os.Setenv("SUPPORTBOT_TEST_KEY", testKey.File)
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
