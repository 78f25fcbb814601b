package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Limits of the server. A slow or huge request costs us little.
const (
	headerTime = 10 * time.Second
	readTime   = time.Minute
	writeTime  = 2 * time.Minute
	idleTime   = 2 * time.Minute
	headerSize = 32 << 10
	// stopTime is how long requests and jobs may take to finish at the end.
	stopTime = 20 * time.Second
)

// Run serves until ctx ends; then it takes no new requests, finishes those
// that are under way and the jobs that run, and closes everything.
func (a *App) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, a.Close()) }()
	pages, err := a.listen(a.Config.Listen, a.Handler)
	if err != nil {
		return err
	}
	servers := []*server{pages}
	if a.Config.Metrics != "" {
		m, err := a.listen(a.Config.Metrics, promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{}))
		if err != nil {
			return errors.Join(err, pages.Close())
		}
		servers = append(servers, m)
	}
	failed := make(chan error, len(servers))
	for _, s := range servers {
		go func() { failed <- s.serve() }()
	}
	// Pages first: they need no job to run, and a restart is then hardly seen.
	if err := a.Queue.Start(ctx); err != nil {
		for _, s := range servers {
			err = errors.Join(err, s.Close())
		}
		return fmt.Errorf("start jobs: %w", err)
	}
	a.Log.LogAttrs(ctx, slog.LevelInfo, "serving", slog.String("address", a.Config.BaseURL),
		slog.Duration("after", time.Since(a.startedAt)))

	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(stop))
	}
	err = errors.Join(err, a.Queue.Stop(stop))
	a.Log.LogAttrs(stop, slog.LevelInfo, "stopped")
	return err
}

// server is an http.Server with the listener it will serve on.
type server struct {
	http.Server
	on net.Listener
}

func (a *App) listen(address string, h http.Handler) (*server, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; is it running already?", address, err)
	}
	return &server{on: l, Server: http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: headerSize,
		ErrorLog: slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}}, nil
}

func (s *server) serve() error {
	if err := s.Serve(s.on); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
