package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ambassadeur.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsWork(t *testing.T) {
	c, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Database) != "sqlite:data/ambassadeur.db" || c.KeyFile != "data/ambassadeur.key" || c.Mail.Outbox != "data/outbox" {
		t.Errorf("derived settings: %q %q %q", string(c.Database), c.KeyFile, c.Mail.Outbox)
	}
}

func TestEnvironmentGoesBeforeFile(t *testing.T) {
	path := write(t, "listen: 127.0.0.1:1\nmail:\n  host: mail.example.org\n")
	c, err := Load(path, []string{"AMBASSADEUR_LISTEN=127.0.0.1:2", "AMBASSADEUR_MAIL_PORT=25", "HOME=/x"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Listen != "127.0.0.1:2" || c.Mail.Host != "mail.example.org" || c.Mail.Port != 25 {
		t.Errorf("got %+v", c)
	}
}

func TestWrongSettingsSayWhatToDo(t *testing.T) {
	tests := []struct {
		name, file string
		env        []string
		want       string
	}{
		{"unknown key", "lisen: x", nil, `"lisen" is not a setting; did you mean "listen"?`},
		{"unknown nested key", "mail:\n  hots: x", nil, `did you mean "mail.host"?`},
		{"unknown variable", "", []string{"AMBASSADEUR_BASEURL=x"}, "did you mean AMBASSADEUR_BASE_URL?"},
		{"listen", "listen: here", nil, "must be host:port"},
		{"http elsewhere", "base_url: http://ambassadeur.example.org", nil, "must begin with https://"},
		{"metrics outside", "metrics: 0.0.0.0:9090", nil, "must be a loopback address"},
		{"open demonstration", "listen: 0.0.0.0:8080", []string{"AMBASSADEUR_DEMO=true"}, "listens on this machine only"},
		{"demonstration mail", "mail: {host: mail.example.org}", []string{"AMBASSADEUR_DEMO=true"}, "sends no mail"},
		{"proxy", "trusted_proxies: [nobody]", nil, "must be a network"},
		{"tls", "mail: {tls: some}", nil, "mandatory"},
		{"plain mail elsewhere", "mail: {host: mail.example.org, tls: none}", nil, "on this machine only"},
		{"log level", "log_level: loud", nil, "debug, info, warn or error"},
		{"oidc", "oidc: {issuer: https://id.example.org}", nil, "client_id"},
		{"secret in file", "key: abc", nil, "is not a setting"},
		{"not yaml", "a: [", nil, "settings file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(write(t, tt.file), tt.env)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to say %q", err, tt.want)
			}
		})
	}
	if _, err := Load("/no/such/file.yaml", nil); err == nil || !strings.Contains(err.Error(), "leave out --config") {
		t.Errorf("missing file: %v", err)
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c := Default()
	c.Key, c.Database, c.Mail.Password, c.OIDC.ClientSecret = "s3cret", "postgres://u:s3cret@h/d", "s3cret", "s3cret"
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{string(b), fmt.Sprintf("%v %+v %#v", c, c, c)} {
		if strings.Contains(s, "s3cret") {
			t.Errorf("secret printed: %s", s)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("listen: x")
	f.Add("mail:\n  host: [1]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, content string) {
		path := filepath.Join(t.TempDir(), "f.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Skip()
		}
		_, _ = Load(path, nil) // must return, with or without an error
	})
}
