// Command bench measures the whole product as a process on this machine and
// prints each figure beside its limit or beside a peer measured in the same
// run: time from start to the first healthy answer, idle memory, and signed-in
// handbook pages a second at 16 connections with their p99, beside a bare
// net/http handler that serves the same bytes.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

func main() {
	binary := flag.String("binary", "bin/ambassadeur", "the program to measure")
	page := flag.String("page", "/handboek/ambassadeur", "the page to ask for")
	length := flag.Duration("time", 5*time.Second, "how long each load lasts")
	flag.Parse()
	if err := run(*binary, *page, *length); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

const connections = 16

func run(binary, page string, length time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	folder, err := os.MkdirTemp("", "ambassadeur-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()

	// The first start makes the database; those after it count. The middle one
	// of five is told.
	first, err := start(ctx, binary, "demo", folder)
	if err != nil {
		return err
	}
	if err := first.stop(); err != nil {
		return err
	}
	var times []time.Duration
	for range 5 {
		p, err := start(ctx, binary, "serve", folder)
		if err != nil {
			return err
		}
		times = append(times, p.healthy)
		if err := p.stop(); err != nil {
			return err
		}
	}
	slices.Sort(times)
	report("start to first healthy answer", times[2].Round(100*time.Microsecond).String(), "100ms", times[2] < 100*time.Millisecond)

	p, err := start(ctx, binary, "demo", folder)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	time.Sleep(3 * time.Second)
	rss, err := p.memory()
	if err != nil {
		return err
	}
	report("idle memory", fmt.Sprintf("%.1f MB", float64(rss)/1e6), "60 MB", rss < 60e6)

	cookie, err := p.signIn(ctx)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	body, err := fetch(ctx, p.base+page, cookie)
	if err != nil {
		return err
	}
	report("size of "+page, fmt.Sprintf("%.1f kB", float64(len(body))/1e3), "30 kB", len(body) <= 30_000)

	ours, err := load(ctx, p.base+page, cookie, length)
	if err != nil {
		return err
	}
	bare, err := loadBare(ctx, body, length)
	if err != nil {
		return err
	}
	report("signed-in pages a second", fmt.Sprintf("%.0f", ours.rate), "3000", ours.rate >= 3000)
	fmt.Printf("%-34s %12s   bare net/http %12s   ratio %.2f\n", "  beside a bare handler", fmt.Sprintf("%.0f/s", ours.rate), fmt.Sprintf("%.0f/s", bare.rate), ours.rate/bare.rate)
	fmt.Printf("%-34s %12s   bare net/http %12s   ratio %.2f\n", "p99", ours.p99.Round(10*time.Microsecond), bare.p99.Round(10*time.Microsecond), float64(ours.p99)/float64(bare.p99))
	return nil
}

func report(what, got, limit string, met bool) {
	word := "met"
	if !met {
		word = "NOT met"
	}
	fmt.Printf("%-34s %12s   limit %8s   %s\n", what, got, limit, word)
}
