package linkcheck_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ambassadeur/internal/db"
	"ambassadeur/internal/db/dbtest"
	"ambassadeur/internal/handbook/linkcheck"
)

// site answers every path in its own way.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	status := func(path string, code int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
	}
	status("/fine", 200)
	status("/gone", 404)
	status("/down", 500)
	status("/intranet", 401)
	status("/members", 403)
	status("/later", 429)
	mux.HandleFunc("/no-head", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/fine", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "file:///etc/passwd")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(5 * time.Second):
		}
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		if len(r.Cookies()) > 0 || r.Header.Get("Authorization") != "" || !strings.HasPrefix(r.UserAgent(), "Ambassadeur") {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if r.URL.RawQuery == "" {
			http.Redirect(w, r, "/cookie?again", http.StatusFound)
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

type world struct {
	*linkcheck.Checker
	targets []linkcheck.Target
	tasks   []string
	now     time.Time
}

func newWorld(d *db.DB, loopback bool) *world {
	w := &world{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	w.Checker = linkcheck.New(linkcheck.Config{
		DB: d, Agent: "Ambassadeur (test@example.org)", Loopback: loopback, Pause: time.Nanosecond, Timeout: 500 * time.Millisecond,
		Targets: func(context.Context) ([]linkcheck.Target, error) { return w.targets, nil },
		Task: func(_ context.Context, _ *sql.Tx, reference string) error {
			w.tasks = append(w.tasks, reference)
			return nil
		},
		Now: func() time.Time { return w.now },
	})
	return w
}

// found runs a check and returns what is known of one reference.
func (w *world) found(t *testing.T, job linkcheck.Job, reference string) linkcheck.Link {
	t.Helper()
	if err := w.Run(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	all, err := w.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if l.Reference == reference {
			return l
		}
	}
	return linkcheck.Link{}
}

func TestWhatALinkLeadsTo(t *testing.T) {
	s := site(t)
	w := newWorld(dbtest.Open(t, dbtest.SQLite(t)), true)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, tt := range []struct {
		url     string
		outcome linkcheck.Outcome
		status  int
	}{
		{s.URL + "/fine", linkcheck.OK, 200},
		{s.URL + "/no-head", linkcheck.OK, 200},
		{s.URL + "/moved", linkcheck.OK, 200},
		{s.URL + "/cookie", linkcheck.OK, 200},
		{s.URL + "/gone", linkcheck.Status, 404},
		{s.URL + "/down", linkcheck.Status, 500},
		{s.URL + "/intranet", linkcheck.Locked, 401},
		{s.URL + "/members", linkcheck.Locked, 403},
		{s.URL + "/later", linkcheck.Busy, 429},
		{s.URL + "/loop", linkcheck.Redirects, 0},
		{s.URL + "/file", linkcheck.Refused, 0},
		{s.URL + "/slow", linkcheck.Timeout, 0},
		{closed.URL, linkcheck.Network, 0},
		{"ftp://example.org/x", linkcheck.Refused, 0},
		{"http://user:word@127.0.0.1/", linkcheck.Refused, 0},
		{"http://\x7f", linkcheck.Refused, 0},
		{"https:///nowhere", linkcheck.Refused, 0},
	} {
		w.targets = []linkcheck.Target{{ID: "x", URL: tt.url}}
		if l := w.found(t, linkcheck.Job{All: true}, "x"); l.Outcome != tt.outcome || l.Status != tt.status {
			t.Errorf("%s: %s %d, want %s %d", tt.url, l.Outcome, l.Status, tt.outcome, tt.status)
		}
	}
}

func TestAddressesInsideAreNotVisited(t *testing.T) {
	var visits atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	defer s.Close()
	w := newWorld(dbtest.Open(t, dbtest.SQLite(t)), false)
	for _, url := range []string{
		s.URL, strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/",
		"http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://0.0.0.0/", "http://[::1]/", "http://[fe80::1]/",
		"http://[fd00::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://224.0.0.1/", "http://255.255.255.255/",
	} {
		w.targets = []linkcheck.Target{{ID: "x", URL: url}}
		l := w.found(t, linkcheck.Job{All: true}, "x")
		if l.Outcome != linkcheck.Refused {
			t.Errorf("%s: %s", url, l.Outcome)
		}
	}
	if n := visits.Load(); n != 0 {
		t.Errorf("%d visits", n)
	}
}

func TestOnlyAPartOfAHugePageIsRead(t *testing.T) {
	var sent atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		block := strings.Repeat("x", 64<<10)
		for range 2_000 { // 128 MB
			n, err := io.WriteString(w, block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	defer s.Close()
	w := newWorld(dbtest.Open(t, dbtest.SQLite(t)), true)
	w.targets = []linkcheck.Target{{ID: "x", URL: s.URL}}
	if l := w.found(t, linkcheck.Job{}, "x"); l.Outcome != linkcheck.OK {
		t.Errorf("outcome %s", l.Outcome)
	}
	if n := sent.Load(); n > 32<<20 {
		t.Errorf("%d bytes were taken", n)
	}
}

func TestASecondFailureOpensOneTask(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var code atomic.Int32
		code.Store(404)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(code.Load())) }))
		defer s.Close()
		w := newWorld(d, true)
		w.targets = []linkcheck.Target{{ID: "code", URL: s.URL}, {ID: "other", URL: s.URL + "/other"}}
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 1 || !l.TaskAt.IsZero() || len(w.tasks) != 0 {
			t.Fatalf("first failure: %+v %v", l, w.tasks)
		}
		// Again at once, as after a restart or by hand: still one failure.
		if l := w.found(t, linkcheck.Job{All: true}, "code"); l.Failures != 1 {
			t.Fatalf("at once again: %+v", l)
		}
		w.now = w.now.Add(3 * 24 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 1 {
			t.Fatalf("before its turn: %+v", l)
		}
		code.Store(429)
		w.now = w.now.Add(7 * 24 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 1 || l.Outcome != linkcheck.Busy {
			t.Fatalf("busy says nothing: %+v", l)
		}
		code.Store(500)
		w.now = w.now.Add(7 * 24 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 2 || !l.TaskAt.Equal(w.now) || len(w.tasks) != 2 {
			t.Fatalf("second failure: %+v %v", l, w.tasks)
		}
		since := w.now
		w.now = w.now.Add(7 * 24 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 3 || !l.TaskAt.Equal(since) || len(w.tasks) != 2 {
			t.Fatalf("third failure: %+v %v", l, w.tasks)
		}
		code.Store(200)
		w.now = w.now.Add(7 * 24 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 0 || !l.TaskAt.IsZero() || !l.GoodAt.Equal(w.now) {
			t.Fatalf("mended: %+v", l)
		}
	})
}

func TestAnotherAddressOrNoReferenceBeginsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site(t)
		w := newWorld(d, true)
		w.targets = []linkcheck.Target{{ID: "code", URL: s.URL + "/gone"}, {ID: "old", URL: s.URL + "/fine"}}
		w.found(t, linkcheck.Job{}, "code")
		w.targets = []linkcheck.Target{{ID: "code", URL: s.URL + "/down"}}
		w.now = w.now.Add(2 * time.Hour)
		if l := w.found(t, linkcheck.Job{}, "code"); l.Failures != 1 || l.URL != s.URL+"/down" {
			t.Errorf("another address: %+v", l)
		}
		if l := w.found(t, linkcheck.Job{}, "old"); l.Reference != "" {
			t.Errorf("a reference that is gone is still known: %+v", l)
		}
	})
}

func TestAStoppedCheckBlamesNoLink(t *testing.T) {
	w := newWorld(dbtest.Open(t, dbtest.SQLite(t)), true)
	w.targets = []linkcheck.Target{{ID: "x", URL: site(t).URL + "/slow"}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := w.Run(ctx, linkcheck.Job{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("err %v", err)
	}
	if all, err := w.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

// FuzzTarget holds that no address makes the visitor panic or leave for the
// network: nothing is allowed here but refusals and failures.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"", "http://", "javascript:alert(1)", "http://[::1", "http://127.0.0.1:1/", "HTTP://LOCALHOST", "http://%zz"} {
		f.Add(s)
	}
	d := dbtest.Open(f, dbtest.SQLite(f))
	f.Fuzz(func(t *testing.T, url string) {
		if strings.Contains(url, "://") && !strings.Contains(url, "127.0.0.1") {
			return // no name is looked up from a test
		}
		w := newWorld(d, false)
		w.targets = []linkcheck.Target{{ID: "x", URL: strings.ToValidUTF8(strings.ReplaceAll(url, "\x00", ""), "")}}
		if l := w.found(t, linkcheck.Job{All: true}, "x"); !l.Outcome.Failed() {
			t.Errorf("%q: %s", url, l.Outcome)
		}
	})
}
