package kit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/a-h/templ"

	"ambassadeur/internal/db"
	"ambassadeur/internal/fault"
)

// Handler answers a request, or returns an error that becomes a page. It
// either writes an answer or returns an error, never both.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Router registers handlers. The zero value is of no use; see NewRouter.
type Router struct {
	mux     *http.ServeMux
	error   func(FaultView) templ.Component
	observe Observe
	log     *slog.Logger
}

// Observe is told of every answer: its route (never its address, which may
// hold a token), its status and how long it took.
type Observe func(route string, status int, took time.Duration)

// FaultView is what an error page shows. Key and Hint are keys of the catalog.
type FaultView struct {
	Status int
	Key    string
	Args   map[string]any
	Hint   string
}

// NewRouter returns a router whose errors are shown by page and whose answers
// are told to observe.
func NewRouter(log *slog.Logger, page func(FaultView) templ.Component, observe Observe) *Router {
	return &Router{mux: http.NewServeMux(), error: page, observe: observe, log: log}
}

// Handle registers a handler for a pattern of http.ServeMux, "GET /handboek".
func (rt *Router) Handle(pattern string, h Handler) {
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		if err := h(sw, r); err != nil {
			rt.Fail(sw, r, err)
		}
		rt.observe(pattern, sw.status, time.Since(begin))
	})
}

// statusWriter remembers the status of the answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Mount registers a plain http.Handler, for files and the like.
func (rt *Router) Mount(pattern string, h http.Handler) { rt.mux.Handle(pattern, h) }

// ServeHTTP answers a request. A path that nobody registered becomes the page
// for things that do not exist.
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) { rt.mux.ServeHTTP(w, r) }

// Fail turns an error into a page in plain words. Causes and internal errors
// go to the log with the route, never with the address that was asked for: an
// address may hold a token.
func (rt *Router) Fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the browser went away; nobody reads the answer
	}
	v := ViewOf(err)
	if v.Status >= 500 || causeOf(err) != nil {
		rt.log.LogAttrs(r.Context(), slog.LevelError, "request failed",
			slog.String("route", r.Pattern), slog.Int("status", v.Status), slog.String("error", err.Error()))
	}
	w.Header().Set("Cache-Control", "no-store")
	if err := Render(w, r, v.Status, rt.error(v)); err != nil {
		rt.log.LogAttrs(r.Context(), slog.LevelError, "error page failed", slog.String("error", err.Error()))
		http.Error(w, http.StatusText(v.Status), v.Status)
	}
}

func causeOf(err error) error {
	if f, ok := fault.As(err); ok {
		return f.Cause
	}
	return nil
}

// ViewOf says what an error page shows for err. What the database can run
// into has words of its own; whatever nobody classified is our mistake.
func ViewOf(err error) FaultView {
	f, ok := fault.As(err)
	switch {
	case ok:
	case errors.Is(err, db.ErrFull), errors.Is(err, db.ErrReadOnly):
		f = fault.NewUnavailable("fault.no-room").WithHint("fault.no-room-hint")
	case errors.Is(err, db.ErrBusy):
		f = fault.NewUnavailable("fault.too-busy").WithHint("fault.too-busy-hint")
	case errors.Is(err, db.ErrText):
		f = fault.NewInvalid("fault.text")
	default:
		return FaultView{Status: http.StatusInternalServerError, Key: "fault.internal", Hint: "fault.internal-hint"}
	}
	return FaultView{Status: StatusOf(f.Kind), Key: f.Key, Args: f.Args, Hint: f.Hint}
}

// StatusOf is the HTTP status of a kind of fault.
func StatusOf(k fault.Kind) int {
	switch k {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes the component as an HTML page. It renders to memory first, so
// that an error leaves nothing half written.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	defer buffers.Put(buf)
	if err := c.Render(r.Context(), buf); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "private, no-cache")
	}
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // an error means that the browser went away
	return nil
}
