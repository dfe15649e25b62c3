package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// contentCopy is a copy of the content, to be spoiled.
func contentCopy(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "content")
	if err := os.CopyFS(dir, os.DirFS("../../kb-content")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// edit puts a text in place of another in a file, or before all of it.
func edit(t *testing.T, file, old, text string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s lacks %q", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), old, text, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// threeTranscripts are a content folder with three conversations as tests: the
// first is misspelt, the second expects something else, the third is right.
func threeTranscripts(t *testing.T) (content, misspelt, other, right string) {
	t.Helper()
	content = contentCopy(t)
	dir := filepath.Join(content, "transcripts")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	misspelt, other, right = filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml"), filepath.Join(dir, "c.yaml")
	if _, err := command(t, "你好\n", "chat", "--content", content, "--save", right); err != nil {
		t.Fatal(err)
	}
	saved, err := os.ReadFile(right)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{misspelt, other} {
		if err := os.WriteFile(file, saved, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit(t, misspelt, "- user:", "- usr:")
	edit(t, other, "您好", "你好")
	return content, misspelt, other, right
}

func TestTranscriptsAreTestedOneByOne(t *testing.T) {
	content, misspelt, other, right := threeTranscripts(t)
	out, err := command(t, "", "test", content)
	if err == nil || !strings.Contains(out, `a.yaml:12: unknown key "usr" (did you mean "user"?)`) || !strings.Contains(out, "want 你好") || !strings.Contains(out, "1 passed, 2 failed") {
		t.Errorf("the folder: %v\n%s", err, out)
	}
	if n := strings.Count(out, "not covered: "); n == 0 || n > 40 || !strings.Contains(out, "… and ") {
		t.Errorf("%d lines of what is not covered", n)
	}
	out, err = command(t, "", "test", right)
	if err != nil || out != "1 passed, 0 failed\n" {
		t.Errorf("one file: %v\n%s", err, out)
	}
	before, err := os.ReadFile(misspelt)
	if err != nil {
		t.Fatal(err)
	}
	edit(t, other, "# yaml", "# kept as it is\n# yaml")
	out, err = command(t, "", "test", "--update", content)
	if err == nil || strings.Count(out, "written: ") != 1 || !strings.Contains(out, "b.yaml\n") || !strings.Contains(out, "1 files written") {
		t.Errorf("updating: %v\n%s", err, out)
	}
	if after, err := os.ReadFile(misspelt); err != nil || string(after) != string(before) {
		t.Errorf("what cannot be read was written: %v", err)
	}
	if updated, err := os.ReadFile(other); err != nil || !strings.HasPrefix(string(updated), "# kept as it is\n# yaml-language-server: $schema=../schema/transcript.schema.json\ntranscript:") {
		t.Errorf("the comments are lost: %v\n%s", err, updated)
	}
	if out, err := command(t, "", "test", other, right); err != nil || !strings.Contains(out, "2 passed") {
		t.Errorf("after the update: %v\n%s", err, out)
	}
	if _, err := command(t, "", "test", filepath.Join(content, "d.yaml")); err == nil || !strings.Contains(err.Error(), "there is no file or folder") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestCheckReadsTranscripts(t *testing.T) {
	content, misspelt, other, right := threeTranscripts(t)
	edit(t, other, "channel: web", "channel: wbe")
	edit(t, right, "at: menu/topic", "at: menu/topics")
	if err := os.Rename(misspelt, strings.TrimSuffix(misspelt, ".yaml")+".yml"); err != nil {
		t.Fatal(err)
	}
	_, err := command(t, "", "check", content)
	for _, want := range []string{
		"a.yml:1: this file is not read; names here end in .yaml", `b.yaml:3: channel is "wbe"; write one of terminal, web,`,
		`flow menu has no step "topics" (did you mean "topic"?)`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s\n%v", want, err)
		}
	}
	if out, err := command(t, "", "check", "../../kb-content"); err != nil || !strings.Contains(out, " transcripts, version ") || !strings.Contains(out, "note: nobody gets to see the articles of ") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAChatReplacesNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "saved.yaml")
	if err := os.WriteFile(file, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "你好\n", "chat", "--save", file); err == nil || !strings.Contains(err.Error(), "is there already; choose another name, or replace it with --force") {
		t.Errorf("%v", err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "precious" {
		t.Errorf("it was replaced by %s, %v", data, err)
	}
	if _, err := command(t, "你好\n", "chat", "--save", file, "--force"); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(data), "transcript: ") {
		t.Errorf("it was not replaced: %s, %v", data, err)
	}
}

// TestWhatFollowsFromAMistakeIsNotTold: a broken line in the list of topics is
// one problem, though everything refers to topics.
func TestWhatFollowsFromAMistakeIsNotTold(t *testing.T) {
	content := contentCopy(t)
	edit(t, filepath.Join(content, "topics.yaml"), `zh: "什么是POS机绑卡",`, `zh: "什么是POS机绑卡"`)
	_, err := command(t, "", "check", content)
	if err == nil || !strings.Contains(err.Error(), "topics.yaml:5: this cannot be read: a comma is missing") || strings.Count(err.Error(), "\n") > 4 {
		t.Errorf("%v", err)
	}
}

// TestWhatEditorsLeave: content can be used while a writer has a file of it open.
func TestWhatEditorsLeave(t *testing.T) {
	content := contentCopy(t)
	if err := os.Symlink("writer@host.1", filepath.Join(content, "flows", ".#menu.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(content, "articles", "zh", ".DS_Store"), []byte("\x00\xff"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (&cli{Content: content}).open(); err != nil {
		t.Error(err)
	}
}
