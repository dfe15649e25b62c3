// Package kbcontent holds the content that is built into the program.
package kbcontent

import "embed"

// FS holds topics.yaml, hotlines.yaml, flows, articles and phrases.
//
//go:embed topics.yaml hotlines.yaml flows articles phrases
var FS embed.FS
