// Package browser drives a real browser over the product: it walks through
// every state of the gallery with axe-core and with checks of our own, and
// through whole journeys. It needs Chromium and node_modules/axe-core; a test
// skips with a clear message where they are missing, and fails where
// REQUIRE_BROWSER=1 says that they must be there.
//
//	A11Y_FULL=1        every state in every view, instead of two views by turns
//	A11Y_SHOTS=folder  keep a screenshot of every page that was looked at
package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Browser is one running Chromium.
type Browser struct {
	ctx  context.Context
	axe  string
	stop func()
}

// Start starts Chromium once for a package; the function that it returns gives
// every test that same browser, and stop ends it (call it from TestMain).
func Start() (get func(testing.TB) *Browser, stop func()) {
	var mu sync.Mutex
	var running *Browser
	launch := sync.OnceValues(func() (*Browser, error) {
		b, err := start()
		mu.Lock()
		defer mu.Unlock()
		running = b
		return b, err
	})
	get = func(t testing.TB) *Browser {
		t.Helper()
		b, err := launch()
		if err != nil {
			if os.Getenv("REQUIRE_BROWSER") == "1" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
		return b
	}
	stop = func() {
		mu.Lock()
		defer mu.Unlock()
		if running != nil {
			running.stop()
		}
	}
	return get, stop
}

func start() (*Browser, error) {
	bin, err := find()
	if err != nil {
		return nil, err
	}
	axe, err := os.ReadFile(filepath.Join("..", "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return nil, errors.New("axe-core is missing; run: npm ci --ignore-scripts")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(bin))
	if os.Geteuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium refuses its sandbox to root
	}
	actx, cancelAllocator := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(actx)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		cancelAllocator()
		return nil, err
	}
	return &Browser{ctx: ctx, axe: string(axe), stop: func() { cancel(); cancelAllocator() }}, nil
}

// find returns the path of Chromium on this machine.
func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium; run: apt-get install -y --no-install-recommends chromium")
}

// Tab is one tab with its own cookies. Console messages are gathered from the
// first page on.
type Tab struct {
	Ctx context.Context
	axe string

	mu      sync.Mutex
	console []string
}

// Tab opens a tab that ends with the test. It has no cache, so that what a page
// loads can be counted, and asks for no movement.
func (b *Browser) Tab(t testing.TB) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancelTime := context.WithTimeout(ctx, 20*time.Minute)
	t.Cleanup(cancelTime)
	tab := &Tab{Ctx: ctx, axe: b.axe}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if strings.Contains(m.Text, "Clear-Site-Data header on") {
				continue // Chromium confirms that signing out left nothing on the device
			}
			tab.mu.Lock()
			tab.console = append(tab.console, string(m.Type)+": "+m.Text+" "+m.URL)
			tab.mu.Unlock()
		}
	}()
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
		return err
	}))
	tab.Media(t, "")
	return tab
}

// Media sets the medium ("", "print") and further features of it as pairs,
// such as "forced-colors", "active". Movement is always reduced.
func (tab *Tab) Media(t testing.TB, medium string, features ...string) {
	t.Helper()
	list := []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}
	for i := 0; i+1 < len(features); i += 2 {
		list = append(list, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium, Features: list})
		return err
	}))
}

// Scripts switches scripts of the page on or off, from the next page on.
func (tab *Tab) Scripts(t testing.TB, on bool) {
	t.Helper()
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// Language sets the language that the browser asks for, from the next page on.
func (tab *Tab) Language(t testing.TB, lang string) {
	t.Helper()
	tab.do(t, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": lang}})
		return err
	}))
}

// Open loads an address at a width in CSS pixels and waits for its fonts.
func (tab *Tab) Open(t testing.TB, address string, width int) {
	t.Helper()
	tab.mu.Lock()
	tab.console = nil
	tab.mu.Unlock()
	height := int64(844)
	if width >= 1000 {
		height = 900
	}
	tab.do(t, chromedp.EmulateViewport(int64(width), height), chromedp.Navigate(address))
	if _, err := chromedp.Run(tab.Ctx, chromedp.Evaluate[bool]("document.fonts.ready.then(() => true)", chromedp.EvalAwaitPromise)); err != nil {
		t.Fatalf("wait for the fonts of %s: %v", address, err)
	}
}

// Eval runs a script in the page and returns its value.
func Eval[T any](t testing.TB, tab *Tab, script string) T {
	t.Helper()
	v, err := chromedp.Run(tab.Ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("script in the page: %v", err)
	}
	return v
}

// Shot keeps a screenshot of the whole page in the folder of A11Y_SHOTS.
func (tab *Tab) Shot(t testing.TB, name string) {
	t.Helper()
	folder := os.Getenv("A11Y_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(tab.Ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("screenshot %s: %v", name, err)
	}
	path := filepath.Join(folder, name+".png")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

func (tab *Tab) messages() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]string(nil), tab.console...)
}

func (tab *Tab) do(t testing.TB, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(tab.Ctx, steps...); err != nil {
		t.Fatalf("browser: %v", err)
	}
}
