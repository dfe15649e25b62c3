package main

import "testing"

// The script must go on with the content: whoever changes the flow learns it
// here and not when the figures are due.
func TestTheScriptFollowsTheContent(t *testing.T) {
	f, err := rehearse()
	if err != nil {
		t.Fatal(err)
	}
	again, err := rehearse()
	if err != nil {
		t.Fatal(err)
	}
	for i := range f {
		if string(f[i].Reply) != string(again[i].Reply) {
			t.Errorf("turn %d is answered with %s and then with %s: servers cannot be checked against it", i+1, f[i].Reply, again[i].Reply)
		}
	}
}
