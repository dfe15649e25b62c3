package channels

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"testing"
)

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"54.172.60.1": true, "2600:9000:2000::1": true, "::ffff:54.172.60.1": true,
		"127.0.0.1": false, "::1": false, "::ffff:127.0.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "::": false,
		"10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.100.100.200": false,
		"::ffff:169.254.169.254": false, "fd00:ec2::254": false, "fe80::1": false, "224.0.0.1": false, "ff02::1": false,
		"255.255.255.255": false, "64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false, "198.18.0.1": false, "192.0.2.7": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public is %v, want %v", address, got, want)
		}
	}
}

// TestAHostThatLeadsHome: its name is one that may be asked, its address is not.
func TestAHostThatLeadsHome(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was asked") }))
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:"+u.Port(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := NewPublicClient(0, 1, "localhost").Do(request)
	if err == nil {
		response.Body.Close()
	}
	if !errors.Is(err, errNotPublic) {
		t.Errorf("%v, want %v", err, errNotPublic)
	}
}
