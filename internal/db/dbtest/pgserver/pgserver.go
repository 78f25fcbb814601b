// Package pgserver starts a PostgreSQL server that lives as long as the
// process that started it: for tests only. The server listens on a socket in
// a folder of its own, forgets everything when it stops, and trades safety
// for speed. It needs the PostgreSQL binaries, nothing else.
package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the variable that holds the address of a server to use instead of
// starting one: a "postgres://…" address whose user may create databases.
const Env = "AMBASSADEUR_TEST_POSTGRES"

// ErrMissing: there are no PostgreSQL binaries on this machine.
var ErrMissing = errors.New("no PostgreSQL found (looked at pg_config, /usr/lib/postgresql and PATH)")

const account = "ambassadeur-test" // the system user, because PostgreSQL refuses to run as root

// Server is a running server.
type Server struct {
	// URL is the address of its database "postgres".
	URL   string
	guard *exec.Cmd
	pipe  io.Closer
}

// guardScript runs the server until its standard input ends, which happens
// when the starting process closes it or dies, whatever way it dies. Then it
// stops the server and removes the folder.
const guardScript = `
dir=$1; bin=$2; shift 2
"$bin/postgres" "$@" >"$dir/log" 2>&1 </dev/null &
cat >/dev/null
kill -QUIT $! 2>/dev/null
wait $!
rm -rf "$dir"
`

// Start makes and starts a server. It takes one to three seconds. The error
// is ErrMissing when PostgreSQL is not installed.
func Start(ctx context.Context) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	who, err := serverUser()
	if err != nil {
		return nil, err
	}
	dir, err := folder(who)
	if err != nil {
		return nil, err
	}
	s, err := start(ctx, bin, dir, who)
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return s, nil
}

func start(ctx context.Context, bin, dir string, who *syscall.Credential) (*Server, error) {
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"),
		"--pgdata", data, "--username", account, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync")
	initdb.Dir = dir
	initdb.Env = append(os.Environ(), "TZ=UTC")
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}

	args := []string{"-c", guardScript, "guard", dir, bin, "-D", data, "-k", dir}
	for _, setting := range []string{
		"listen_addresses=", "max_connections=300", "shared_buffers=64MB", "timezone=UTC",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	} {
		args = append(args, "-c", setting)
	}
	guard := exec.Command("/bin/sh", args...) // outlives ctx: the pipe ends it
	guard.Dir = dir
	guard.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true} // a Ctrl-C is for us first
	pipe, err := guard.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("prepare the server: %w", err)
	}
	if err := guard.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	address := url.URL{Scheme: "postgres", User: url.User(account), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	s := &Server{URL: address.String(), guard: guard, pipe: pipe}
	if err := s.answers(ctx); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		s.Stop()
		return nil, fmt.Errorf("the server does not answer: %w: %s", err, bytes.TrimSpace(log))
	}
	return s, nil
}

// Stop stops the server and removes its folder.
func (s *Server) Stop() {
	_ = s.pipe.Close()
	_ = s.guard.Wait()
}

func (s *Server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.URL)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// binaries returns the folder that holds initdb and postgres.
func binaries() (string, error) {
	var folders []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	sort.Slice(installed, func(i, j int) bool { return version(installed[i]) > version(installed[j]) })
	folders = append(folders, installed...)
	folders = append(folders, filepath.SplitList(os.Getenv("PATH"))...)
	for _, f := range folders {
		if runs(filepath.Join(f, "initdb")) && runs(filepath.Join(f, "postgres")) {
			return f, nil
		}
	}
	return "", ErrMissing
}

func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin))) // not a number sorts last
	return n
}

func runs(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// serverUser returns whom to run the server as: ourselves, or a system user
// of its own when we are root.
func serverUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup(account)
	if err != nil {
		out, addErr := exec.Command("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", account).CombinedOutput()
		for range 20 { // another test process may be adding it at this moment
			if u, err = user.Lookup(account); err == nil {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if err != nil {
			return nil, fmt.Errorf("PostgreSQL does not run as root, and the user %s cannot be made: %w: %s", account, addErr, bytes.TrimSpace(out))
		}
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", account, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", account, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// folder makes the server's folder. Its path must be short: the socket in it
// may have a path of about 100 bytes.
func folder(who *syscall.Credential) (string, error) {
	parent := os.TempDir()
	if len(parent) > 60 {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "ambassadeur-pg-")
	if err != nil {
		return "", fmt.Errorf("make the server's folder: %w", err)
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return "", fmt.Errorf("hand over the server's folder: %w", err)
		}
	}
	return dir, nil
}
