package signinpages

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestCookiesOnHTTPSBelongToThisHostAlone(t *testing.T) {
	tests := []struct {
		secure bool
		life   time.Duration
		want   string
	}{
		{true, time.Hour, "__Host-ambassadeur=v; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"},
		{true, 0, "__Host-ambassadeur=v; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{false, time.Hour, "ambassadeur=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		Deps{Secure: tt.secure}.setCookie(w, sessionCookie, "v", tt.life)
		if got := w.Header().Get("Set-Cookie"); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestOnlyPathsOfThisSiteAreRemembered(t *testing.T) {
	for _, to := range []string{"//evil.example.org", "https://evil.example.org", `/\evil`, "javascript:1", ""} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/aanmelden", nil)
		q := r.URL.Query()
		q.Set("naar", to)
		r.URL.RawQuery = q.Encode()
		Deps{}.remember(w, r)
		if got := w.Header().Get("Set-Cookie"); got != "" {
			t.Errorf("%q: %s", to, got)
		}
	}
}

func TestDeviceNames(t *testing.T) {
	tests := map[string]string{
		"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/604.1":                "Safari, iPad",
		"Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Safari/537.36": "Samsung Internet, Android",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0":   "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36":           "Chrome, Mac",
		"curl/8": "",
	}
	for agent, want := range tests {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("User-Agent", agent)
		if got := device(r); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
