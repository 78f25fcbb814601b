package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is the product, running on a free port of the loopback address.
type process struct {
	cmd     *exec.Cmd
	base    string
	healthy time.Duration // from start to the first healthy answer
	links   chan string   // printed sign-in links
}

// start runs "serve" or "demo" on a demonstration's database. Both serve the
// same; "demo" also makes a sign-in link for each person.
func start(ctx context.Context, binary, command, folder string) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	base := "http://127.0.0.1:" + port
	cmd := exec.CommandContext(ctx, binary, command)
	cmd.Env = append(os.Environ(), "AMBASSADEUR_LISTEN=127.0.0.1:"+port, "AMBASSADEUR_BASE_URL="+base,
		"AMBASSADEUR_DATA="+folder, "AMBASSADEUR_LOG_LEVEL=error", "AMBASSADEUR_DEMO=true")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s (make build first): %w", binary, err)
	}
	p := &process{cmd: cmd, base: base, links: make(chan string, 64)}
	go p.readLinks(out)
	for {
		resp, err := http.Get(base + "/gezond")
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				p.healthy = time.Since(begin)
				return p, nil
			}
		}
		if time.Since(begin) > 30*time.Second {
			return nil, errors.Join(errors.New("not healthy after 30 s"), p.stop())
		}
		time.Sleep(500 * time.Microsecond)
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

var linkPattern = regexp.MustCompile(`https?://\S+`)

func (p *process) readLinks(out io.Reader) {
	for s := bufio.NewScanner(out); s.Scan(); {
		if link := linkPattern.FindString(s.Text()); strings.Contains(link, "/aanmelden/") {
			select {
			case p.links <- link:
			default:
			}
		}
	}
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// memory returns the resident set in bytes, from /proc.
func (p *process) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb * 1024, err
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}

// signIn follows a printed link the way a person does: it opens the page and
// presses the button. It returns the cookies.
func (p *process) signIn(ctx context.Context) (string, error) {
	var link string
	select {
	case link = <-p.links:
	case <-time.After(10 * time.Second):
		return "", errors.New("no sign-in link was printed")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Jar: jar}
	for _, step := range []struct{ method, url string }{{http.MethodGet, link}, {http.MethodPost, p.base + "/aanmelden/link"}} {
		req, err := http.NewRequestWithContext(ctx, step.method, step.url, nil)
		if err != nil {
			return "", err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := client.Do(req)
		if err != nil {
			return "", err
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return "", fmt.Errorf("%s: status %d", step.method, resp.StatusCode)
		}
	}
	base, err := url.Parse(p.base)
	if err != nil {
		return "", err
	}
	var cookies []string
	for _, c := range jar.Cookies(base) {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	if len(cookies) == 0 {
		return "", errors.New("no cookie came back")
	}
	return strings.Join(cookies, "; "), nil
}
