package telegram_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot/channels/telegram"
)

// TestExamineTellsWhatIsWrong has Telegram tell of faults that it met.
func TestExamineTellsWhatIsWrong(t *testing.T) {
	now := time.Now().Unix()
	tests := []struct {
		name, info, want string // what getWebhookInfo says, and what stands in the remedies
	}{
		{"all is well", `"pending_update_count":3`, ""},
		{"an old fault", fmt.Sprintf(`"last_error_date":%d,"last_error_message":"401 Unauthorized"`, now-7200), ""},
		{"another secret", fmt.Sprintf(`"last_error_date":%d,"last_error_message":"Wrong response from the webhook: 401 Unauthorized"`, now-60), "its secret is another one"},
		{"no server behind the proxy", fmt.Sprintf(`"last_error_date":%d,"last_error_message":"Wrong response from the webhook: 502 Bad Gateway"`, now-60), "the proxy does not reach the server"},
		{"a certificate", fmt.Sprintf(`"last_error_date":%d,"last_error_message":"SSL error {error:0A000086}"`, now-60), "with a certificate that all know"},
		{"nobody takes them", `"pending_update_count":5000`, "look whether the server runs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/getMe") {
					fmt.Fprint(w, `{"ok":true,"result":{"id":1,"is_bot":true,"username":"ShopBot"}}`)
					return
				}
				fmt.Fprintf(w, `{"ok":true,"result":{"url":"https://bot.example.com/channels/telegram",%s}}`, test.info)
			}))
			defer server.Close()
			opt := telegram.Options{Token: token, Secret: secret, Server: server.URL, PublicURL: "https://bot.example.com"}
			found, err := opt.Examine(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			remedies := ""
			for _, f := range found {
				remedies += f.Remedy
			}
			if test.want == "" && remedies != "" || !strings.Contains(remedies, test.want) {
				t.Errorf("found %+v, want %q", found, test.want)
			}
		})
	}
}
