// Package config is the one struct with every setting. A setting comes from a
// YAML file, and an environment variable with the prefix AMBASSADEUR_ goes
// before the file. A key that does not exist is refused, with the nearest one
// that does. Secrets print as "…".
//
// Start reading at Config.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/goccy/go-yaml"
)

// Prefix is what the names of all environment variables begin with.
const Prefix = "AMBASSADEUR_"

// Config holds every setting. Default gives each a value that works on one
// machine; see docs/operations.md for what each means.
type Config struct {
	// Listen is the address to answer on, "127.0.0.1:8080".
	Listen string `yaml:"listen" env:"LISTEN"`
	// BaseURL is how people reach the product, without a slash at the end.
	BaseURL string `yaml:"base_url" env:"BASE_URL"`
	// Data is the folder of the database, the key file, blobs and outbox.
	Data string `yaml:"data" env:"DATA"`
	// Database is "sqlite:PATH" or "postgres://…"; empty: a file in Data.
	Database Secret `yaml:"database" env:"DATABASE"`
	// Handbook is the folder of the handbook to begin with; empty: the one built in.
	Handbook string `yaml:"handbook" env:"HANDBOOK"`
	// Projection is a folder whose files replace contacts, locations,
	// channels or functions of the handbook; empty: none.
	Projection string `yaml:"projection" env:"PROJECTION"`
	// Key is the key for secrets at rest, 32 bytes in base64; empty: KeyFile.
	Key Secret `yaml:"-" env:"KEY"`
	// KeyFile is made at first start when it is not there; empty: a file in Data.
	KeyFile string `yaml:"key_file" env:"KEY_FILE"`
	// Metrics is a loopback address for Prometheus, "127.0.0.1:9090"; empty: none.
	Metrics string `yaml:"metrics" env:"METRICS"`
	// TrustedProxies lists the networks whose X-Forwarded-For is believed.
	TrustedProxies []string `yaml:"trusted_proxies" env:"TRUSTED_PROXIES"`
	// LogLevel is debug, info, warn or error.
	LogLevel string `yaml:"log_level" env:"LOG_LEVEL"`
	Mail     Mail   `yaml:"mail" envPrefix:"MAIL_"`
	OIDC     OIDC   `yaml:"oidc" envPrefix:"OIDC_"`
	// Demo: invented content and people, loopback only, reaches nobody.
	Demo bool `yaml:"-" env:"DEMO"`
}

// Mail says how mail leaves. Without Host it goes to the folder Outbox.
type Mail struct {
	From     string `yaml:"from" env:"FROM"`
	Host     string `yaml:"host" env:"HOST"`
	Port     int    `yaml:"port" env:"PORT"`
	User     string `yaml:"user" env:"USER"`
	Password Secret `yaml:"password" env:"PASSWORD"`
	// TLS is "mandatory", "opportunistic" or "none" (loopback only).
	TLS    string `yaml:"tls" env:"TLS"`
	Outbox string `yaml:"outbox" env:"OUTBOX"`
}

// OIDC is the organisation's own sign-in; empty Issuer: none.
type OIDC struct {
	Issuer       string `yaml:"issuer" env:"ISSUER"`
	ClientID     string `yaml:"client_id" env:"CLIENT_ID"`
	ClientSecret Secret `yaml:"client_secret" env:"CLIENT_SECRET"`
	// Name is what the button calls it, "SGL-account".
	Name string `yaml:"name" env:"NAME"`
	// StrongACR lists values of "acr" that mean a second factor was asked,
	// such as Keycloak's levels; "amr" is understood without.
	StrongACR []string `yaml:"strong_acr" env:"STRONG_ACR"`
}

// Secret is a text that is never printed.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "…"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText hides the secret from JSON, YAML and the log.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Default returns settings that work on one machine without a file.
func Default() Config {
	return Config{
		Listen:   "127.0.0.1:8080",
		BaseURL:  "http://localhost:8080",
		Data:     "data",
		LogLevel: "info",
		Mail:     Mail{From: "ambassadeur@localhost", Port: 587, TLS: "mandatory"},
	}
}

// Load reads the file, then the environment (as os.Environ gives it), and
// checks the whole. An empty path means no file. All that is wrong is in the
// error, one thing a line.
func Load(path string, environ []string) (Config, error) {
	c := Default()
	if path != "" {
		if err := c.readFile(path); err != nil {
			return Config{}, err
		}
	}
	if err := c.readEnv(environ); err != nil {
		return Config{}, err
	}
	c.fill()
	if err := c.check(); err != nil {
		return Config{}, err
	}
	return c, nil
}

const maxFile = 1 << 20

func (c *Config) readFile(path string) error {
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no settings file %s; leave out --config to use the defaults", path)
	case err != nil:
		return fmt.Errorf("read settings: %w", err)
	case len(b) > maxFile:
		return fmt.Errorf("settings file %s is larger than %d bytes", path, maxFile)
	}
	if err := unknownKeys(b, fileKeys()); err != nil {
		return fmt.Errorf("settings file %s: %w", path, err)
	}
	if err := yaml.UnmarshalWithOptions(b, c, yaml.Strict()); err != nil {
		return fmt.Errorf("settings file %s: %w", path, err)
	}
	return nil
}

func (c *Config) readEnv(environ []string) error {
	vars := map[string]string{}
	known := envNames()
	var wrong []error
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, Prefix) || strings.HasPrefix(name, Prefix+"TEST_") {
			continue
		}
		if !known[name] {
			wrong = append(wrong, fmt.Errorf("environment variable %s is not a setting; did you mean %s?", name, nearest(name, known)))
			continue
		}
		vars[name] = value
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	if err := env.ParseWithOptions(c, env.Options{Prefix: Prefix, Environment: vars}); err != nil {
		return fmt.Errorf("environment: %w", err)
	}
	return nil
}

// fill gives the settings that follow from others.
func (c *Config) fill() {
	if c.Database == "" {
		c.Database = Secret("sqlite:" + filepath.Join(c.Data, "ambassadeur.db"))
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.Data, "ambassadeur.key")
	}
	if c.Mail.Host == "" && c.Mail.Outbox == "" {
		c.Mail.Outbox = filepath.Join(c.Data, "outbox")
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
}

func (c *Config) check() error {
	var wrong []error
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf(format, args...)) }
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		say("listen: %q must be host:port, such as 127.0.0.1:8080", c.Listen)
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		say("base_url: %q must begin with https:// and name a host", c.BaseURL)
	} else if u.Scheme == "http" && !loopbackHost(u.Hostname()) {
		say("base_url: %q must begin with https://; http is for this machine only", c.BaseURL)
	}
	if c.Metrics != "" && !loopbackAddress(c.Metrics) {
		say("metrics: %q must be a loopback address, such as 127.0.0.1:9090", c.Metrics)
	}
	if c.Demo && !loopbackAddress(c.Listen) {
		say("listen: the demonstration listens on this machine only, such as 127.0.0.1:8080")
	}
	if c.Demo && c.Mail.Host != "" {
		say("mail.host: the demonstration sends no mail; leave it empty")
	}
	for _, p := range c.TrustedProxies {
		if _, _, err := net.ParseCIDR(p); err != nil {
			say("trusted_proxies: %q must be a network such as 10.0.0.0/8", p)
		}
	}
	switch c.Mail.TLS {
	case "mandatory", "opportunistic", "none":
	default:
		say(`mail.tls: %q must be "mandatory", "opportunistic" or "none"`, c.Mail.TLS)
	}
	if c.Mail.TLS == "none" && c.Mail.Host != "" && !loopbackHost(c.Mail.Host) {
		say(`mail.tls: "none" is for a mail server on this machine only`)
	}
	switch c.LogLevel {
	case "debug", "info", "warn", "error":
	default:
		say("log_level: %q must be debug, info, warn or error", c.LogLevel)
	}
	if c.OIDC.Issuer != "" && c.OIDC.ClientID == "" {
		say("oidc.client_id: is missing")
	}
	return errors.Join(wrong...)
}

func loopbackAddress(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	return err == nil && loopbackHost(host)
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
