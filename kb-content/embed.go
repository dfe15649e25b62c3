// Package kbcontent holds the content that is built into the program.
package kbcontent

import "embed"

// FS holds the files that make a version of the content.
//
//go:embed codes.yaml topics.yaml hotlines.yaml facts.yaml glossary.yaml flows articles phrases validation checks
var FS embed.FS
