package twiliotest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
)

type formKey struct{}

// withForm keeps the form of a request for those who see its answer.
func withForm(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // half a request came
		}
		form, _ := url.ParseQuery(string(body))
		form.Set("path", r.URL.Path)
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), formKey{}, form)))
	})
}
