// Command sbom writes what a binary is made of as CycloneDX JSON: the modules
// that the linker recorded in it, the Go that built it, and the scripts of others
// that are embedded.
//
//	sbom BINARY VENDOR-FOLDER >sbom.cdx.json
package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom BINARY VENDOR-FOLDER")
		os.Exit(2)
	}
	if err := write(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func write(out io.Writer, binary, vendor string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read what %s was built from: %w", binary, err)
	}
	parts := []cyclonedx.Component{module("std", strings.TrimPrefix(info.GoVersion, "go"), "")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, module(m.Path, m.Version, m.Sum))
	}
	scripts, err := vendored(vendor)
	if err != nil {
		return err
	}
	parts = append(parts, scripts...)

	program := module(info.Main.Path, revision(info.Settings), "")
	program.Type = cyclonedx.ComponentTypeApplication
	needs := make([]string, len(parts))
	for i, p := range parts {
		needs[i] = p.BOMRef
	}
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{Component: &program}
	bom.Components = &parts
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: program.BOMRef, Dependencies: &needs}}
	return cyclonedx.NewBOMEncoder(out, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
}

// module is a Go module; sum is its line of go.sum, the hash of a list of hashes.
func module(path, version, sum string) cyclonedx.Component {
	url := "pkg:golang/" + path + "@" + version
	c := cyclonedx.Component{BOMRef: url, Type: cyclonedx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: url}
	if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:")); err == nil && len(raw) == sha256.Size {
		c.Hashes = &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(raw)}}
	}
	return c
}

// revision is the commit that was built, "dirty" behind it if it was changed.
func revision(settings []debug.BuildSetting) string {
	commit, changed := "unknown", ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "-dirty"
		}
	}
	return commit + changed
}

// origin is how the README of the folder says where a script comes from.
var origin = regexp.MustCompile("`([^`]+)` is `[^`]+` of the npm package (\\S+) (\\S+), as published \\((\\S+),")

// vendored lists the scripts in a folder. Each must stand in its README.
func vendored(dir string) ([]cyclonedx.Component, error) {
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		return nil, err
	}
	told := map[string][]string{}
	for _, m := range origin.FindAllStringSubmatch(string(readme), -1) {
		told[m[1]] = m
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.js"))
	if err != nil {
		return nil, err
	}
	var list []cyclonedx.Component
	for _, file := range files {
		m := told[filepath.Base(file)]
		if m == nil {
			return nil, fmt.Errorf("%s: the README beside it does not say which npm package it is", file)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		url := "pkg:npm/" + strings.Replace(m[2], "@", "%40", 1) + "@" + m[3]
		list = append(list, cyclonedx.Component{
			BOMRef: url, Type: cyclonedx.ComponentTypeLibrary, Name: m[2], Version: m[3], PackageURL: url,
			Licenses: &cyclonedx.Licenses{{License: &cyclonedx.License{ID: m[4]}}},
			Hashes:   &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])}},
		})
	}
	return list, nil
}
