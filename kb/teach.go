package kb

import "slices"

// Knows tells whether a text is among the phrases that the reader has learned, but
// for marks and the like.
func (r *Reader) Knows(text string) bool {
	_, known := r.exact[bare(first(normalise(first(text))))]
	return known
}

// Labels lists what a phrase can be an example of: the label of what is out of
// scope, then topics, then controls.
func (r *Reader) Labels() []string { return slices.Clone(r.classifier.labels) }
