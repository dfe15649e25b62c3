package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// others are the programs that the console calls: that which knows the merchants,
// Twilio and the operator's own. Each is a few lines that answer as it does; whether
// what is sent to Twilio is as Twilio wants it, channels/twilio tests.
type others struct {
	testing.TB
	*httptest.Server
	down atomic.Value // the path of the one that fails, "" if none does
}

// The paths of the others.
const (
	comparePath = "/compare"
	textPath    = "/2010-04-01/Accounts/" + accountSID + "/Messages.json"
	resetPath   = "/reset"
	blockPath   = "/block"

	accountSID = "AC00000000000000000000000000000000"
)

// merchantFile is what is known of merchant 821350158120034.
var merchantFile = map[string]string{"owner": "王小明", "phone": "13800138000"}

func newOthers(t testing.TB) *others {
	o := &others{TB: t}
	o.down.Store("")
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+comparePath, compare)
	mux.HandleFunc("POST "+textPath, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"sid":"SM00000000000000000000000000000000","status":"queued"}`)
	})
	mux.HandleFunc("POST "+resetPath, func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST "+blockPath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) })
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.down.Load() == r.URL.Path {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func compare(w http.ResponseWriter, r *http.Request) {
	var q struct{ Merchant, Field, Value string }
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	value, known := merchantFile[q.Field]
	if !known || q.Merchant != "821350158120034" {
		http.NotFound(w, r)
		return
	}
	fmt.Fprintf(w, `{"match":%t}`, q.Value == value)
}

// without does something while one of the others fails.
func (o *others) without(path string, do func()) {
	o.down.Store(path)
	defer o.down.Store("")
	do()
}

func (o *others) secret() string {
	return "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 32))
}

func (o *others) twilio() twilioFlags {
	return twilioFlags{TwilioAccountSID: accountSID, TwilioAuthToken: "token", TwilioFrom: "+14155550100", TwilioServer: o.URL, TwilioDailySegments: 100}
}

func (o *others) reference() referenceFlags {
	o.Helper()
	file := filepath.Join(o.TempDir(), "hooks.yaml")
	hook := func(name, path string) string {
		return fmt.Sprintf("- {name: %s, label: {zh: 办理, en: Do it}, url: %q, secret: %s}\n", name, o.URL+path, o.secret())
	}
	if err := os.WriteFile(file, []byte("hooks:\n"+hook("reset", resetPath)+hook("block", blockPath)), 0o600); err != nil {
		o.Fatal(err)
	}
	return referenceFlags{ReferenceURL: o.URL + comparePath, ReferenceSecret: o.secret(), Hooks: file}
}
