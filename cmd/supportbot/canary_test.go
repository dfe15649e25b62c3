package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// canary stands in everything that the canaries say. It has no letter sequence
// that occurs by itself.
const canary = "qjxzwkvqhjx"

// forms are the bytes by which a text would be found, however it is kept.
func forms(text string) map[string][]byte {
	all := map[string][]byte{
		"UTF-8": []byte(text), "upper case": []byte(strings.ToUpper(text)),
		"hex": []byte(hex.EncodeToString([]byte(text))), "upper hex": []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		all["UTF-16LE"] = append(all["UTF-16LE"], byte(unit), byte(unit>>8))
		all["UTF-16BE"] = append(all["UTF-16BE"], byte(unit>>8), byte(unit))
	}
	for shift := range 3 { // where it stands in a group of three bytes
		whole := base64.StdEncoding.EncodeToString(append(make([]byte, shift), text...))
		whole = strings.TrimRight(whole, "=")
		all[fmt.Sprint("base64 ", shift)] = []byte(whole[4*min(shift, 1) : len(whole)-1])
	}
	return all
}

// search counts the forms of a text in a file.
func search(t *testing.T, name string, data []byte, text string) (found int) {
	t.Helper()
	for form, want := range forms(text) {
		if n := bytes.Count(data, want); n > 0 {
			t.Errorf("%s: %q stands there as %s, %d times", name, text, form, n)
			found += n
		}
	}
	return found
}

// searchFiles is search in all files of a directory.
func searchFiles(t *testing.T, dir, text string) (found, files int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found += search(t, filepath.Base(name), data, text)
	}
	return found, len(names)
}
