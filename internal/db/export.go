package db

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An export is lines of JSON:
//
//	{"format":"ambassadeur-export","version":1,"schema":12}
//	{"table":"person","columns":["id","name"]}
//	["0198…","Jan"]
//	{"sha256":"…","rows":1}
//
// A row holds null, whole numbers and strings as they are, bytes as
// {"bytes":"base64"}, other numbers as {"real":"0.5"}, and text that is not
// UTF-8 as {"text":"base64"}. The sum is over every byte before its line. Rows
// are in the order of their key, so the same content is the same bytes,
// whichever database it comes from.
const (
	exportFormat  = "ambassadeur-export"
	exportVersion = 1
)

type exportHead struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Schema  int64  `json:"schema"`
}

type exportTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

type exportEnd struct {
	Sum  string `json:"sha256"`
	Rows int64  `json:"rows"`
}

// Export writes every row of Tables, as of one moment, in a form that Import
// reads into either database. It holds one row in memory at a time. Jobs are
// left out: they belong to the moment.
func (d *DB) Export(ctx context.Context, w io.Writer) error {
	version, err := d.version(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	sum := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(w, sum), 64<<10)
	line := newEncoder(buffered)
	var rows int64
	err = d.Read(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := line.Encode(exportHead{exportFormat, exportVersion, version}); err != nil {
			return err
		}
		tables, err := d.tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := line.Encode(exportTable{t.Name, t.Columns}); err != nil {
				return err
			}
			n, err := exportRows(ctx, tx, t, line)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			rows += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	end, err := json.Marshal(exportEnd{hex.EncodeToString(sum.Sum(nil)), rows})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if _, err := w.Write(append(end, '\n')); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// exportRows writes the rows of a table in the order of its key.
func exportRows(ctx context.Context, tx *sql.Tx, t Table, line *json.Encoder) (int64, error) {
	order := t.Key
	if len(order) == 0 {
		order = t.Columns
	}
	rows, err := tx.QueryContext(ctx, "select "+quoted(t.Columns)+" from "+quote(t.Name)+" order by "+quoted(order))
	if err != nil {
		return 0, Normalise(err)
	}
	defer func() { _ = rows.Close() }()
	values, into := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	var n int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return 0, err
		}
		for i, v := range values {
			if values[i], err = encode(v); err != nil {
				return 0, fmt.Errorf("column %s: %w", t.Columns[i], err)
			}
		}
		if err := line.Encode(values); err != nil {
			return 0, err
		}
		n++
	}
	return n, Normalise(rows.Err())
}

func encode(v any) (any, error) {
	switch v := v.(type) {
	case nil, int64:
		return v, nil
	case string:
		if utf8.ValidString(v) {
			return v, nil
		}
		return map[string]string{"text": base64.StdEncoding.EncodeToString([]byte(v))}, nil
	case []byte:
		return map[string]string{"bytes": base64.StdEncoding.EncodeToString(v)}, nil
	case float64:
		return map[string]string{"real": strconv.FormatFloat(v, 'g', -1, 64)}, nil
	default:
		return nil, fmt.Errorf("a value of type %T is outside our SQL subset", v)
	}
}

func decode(raw json.RawMessage) (any, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return nil, fmt.Errorf("a value is missing")
	}
	switch raw[0] {
	case 'n':
		return nil, nil
	case '"':
		var s string
		return s, json.Unmarshal(raw, &s)
	case '{':
		var v struct{ Bytes, Text, Real *string }
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, err
		}
		switch {
		case v.Bytes != nil:
			b, err := base64.StdEncoding.DecodeString(*v.Bytes)
			return b, err
		case v.Text != nil:
			b, err := base64.StdEncoding.DecodeString(*v.Text)
			return string(b), err
		case v.Real != nil:
			return strconv.ParseFloat(*v.Real, 64)
		}
		return nil, fmt.Errorf("a value of an unknown kind")
	default:
		return strconv.ParseInt(string(raw), 10, 64)
	}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quoted(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}
