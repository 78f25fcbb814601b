// Package app puts the product together: it is the only place, with cmd, that
// knows every part. Open builds everything from the settings, Run serves it
// until told to stop, Close lets go.
//
// Start reading at App, then open.go.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/config"
	"ambassadeur/internal/db"
	"ambassadeur/internal/erasure"
	"ambassadeur/internal/handbook"
	"ambassadeur/internal/handbook/linkcheck"
	"ambassadeur/internal/job"
	"ambassadeur/internal/mail"
	"ambassadeur/internal/notify"
	"ambassadeur/internal/people"
	"ambassadeur/internal/secret"
	"ambassadeur/internal/web/kit"
)

// App is the product, put together. Its parts are for commands and tests;
// pages reach them through internal/web.
type App struct {
	Config   config.Config
	Log      *slog.Logger
	DB       *db.DB
	Box      *secret.Box
	Audit    *audit.Log
	Erasures *erasure.Log
	Mail     mail.Sender
	Queue    *job.Queue
	People   *people.Service
	Notify   *notify.Service
	Handbook *handbook.Editions
	Links    *linkcheck.Checker
	Readings *handbook.Acknowledgements
	Metrics  *prometheus.Registry
	Handler  http.Handler

	observe   kit.Observe
	startedAt time.Time
	// background is what Open began and Close waits for.
	background sync.WaitGroup
}

// Close lets go of everything that Open took. It may be called once.
func (a *App) Close() error {
	a.background.Wait()
	if a.Queue != nil {
		a.Queue.Close()
	}
	return errors.Join(a.DB.Close())
}

// Healthy reports whether the product can do its work: the database answers.
func (a *App) Healthy(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return a.DB.Ping(ctx)
}
