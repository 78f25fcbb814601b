package kit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

func TestLocalStaysOnThisSite(t *testing.T) {
	for path, want := range map[string]string{
		"/handboek#x": "/handboek#x", "": "/", "handboek": "/", "//example.org": "/", "/\\example.org": "/",
		"https://example.org": "/", "/a\r\nSet-Cookie: x": "/", "/\x7f": "/", "/a\\b": "/", "/" + strings.Repeat("a", 600): "/",
	} {
		if got := Local(path); got != want {
			t.Errorf("Local(%q) = %q, want %q", path, got, want)
		}
	}
}

func FuzzLocal(f *testing.F) {
	f.Add("//x")
	f.Add("/\\x")
	f.Fuzz(func(t *testing.T, path string) {
		got := Local(path)
		if got[0] != '/' || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n") {
			t.Errorf("Local(%q) = %q leads elsewhere", path, got)
		}
	})
}

func router(log io.Writer, observe Observe) *Router {
	page := func(v FaultView) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			_, err := io.WriteString(w, "page "+v.Key+" "+v.Hint)
			return err
		})
	}
	if observe == nil {
		observe = func(string, int, time.Duration) {}
	}
	return NewRouter(slog.New(slog.NewTextHandler(log, nil)), page, observe)
}

func TestErrorsBecomePages(t *testing.T) {
	tests := []struct {
		err    error
		status int
		body   string
	}{
		{fault.NewNotFound("a.b"), 404, "page a.b"},
		{fault.NewInvalid("a.b").WithHint("a.c"), 422, "page a.b a.c"},
		{fault.NewForbidden("a.b"), 403, "page a.b"},
		{fault.NewConflict("a.b"), 409, "page a.b"},
		{fault.NewUnavailable("a.b").Because(errors.New("secret cause")), 503, "page a.b"},
		{fmt.Errorf("save: %w", db.ErrFull), 503, "page fault.no-room fault.no-room-hint"},
		{fmt.Errorf("save: %w", db.ErrText), 422, "page fault.text"},
		{errors.New("secret cause"), 500, "page fault.internal fault.internal-hint"},
	}
	for _, tt := range tests {
		var log strings.Builder
		seen := 0
		rt := router(&log, func(_ string, status int, _ time.Duration) { seen = status })
		rt.Handle("GET /token/{t}", func(http.ResponseWriter, *http.Request) error { return tt.err })
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, httptest.NewRequest("GET", "/token/s3cret", nil))
		if w.Code != tt.status || seen != tt.status || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%v: status %d (observed %d), body %q", tt.err, w.Code, seen, w.Body)
		}
		if strings.Contains(w.Body.String(), "secret cause") {
			t.Errorf("%v: the cause is shown", tt.err)
		}
		if strings.Contains(log.String(), "s3cret") {
			t.Errorf("the address is in the log: %s", log.String())
		}
		if tt.status >= 500 && !strings.Contains(log.String(), tt.err.Error()[:4]) {
			t.Errorf("%v: the cause is not in the log", tt.err)
		}
	}
}

func TestFormIsBounded(t *testing.T) {
	rt := router(io.Discard, nil)
	rt.Handle("POST /x", func(w http.ResponseWriter, r *http.Request) error { return ParseForm(w, r) })
	r := httptest.NewRequest("POST", "/x", strings.NewReader("a="+strings.Repeat("b", MaxForm)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d, want 422", w.Code)
	}
}

func TestRenderLeavesNothingHalfWritten(t *testing.T) {
	broken := templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return errors.New("broken")
	})
	w := httptest.NewRecorder()
	if err := Render(w, httptest.NewRequest("GET", "/", nil), 200, broken); err == nil || w.Body.Len() != 0 {
		t.Errorf("error %v, body %q", err, w.Body)
	}
}
