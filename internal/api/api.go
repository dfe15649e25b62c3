// Package api holds the description of what other programs may call: the REST
// channel and the agent API, as OpenAPI 3.1.
package api

import (
	_ "embed"
	"net/http"
)

// Document is the description, as YAML.
//
//go:embed openapi.yaml
var Document []byte

// Serve answers with the description.
func Serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(Document) // a client that has gone cannot be told
}
