package db

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzDecode: no value from a file makes decode panic, and what it accepts is
// written and read back as the same value.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`null`, `12`, `-9223372036854775808`, `"é"`, `{"bytes":""}`, `{"text":"/w=="}`, `{"real":"-0"}`, `{"real":"NaN"}`, `{}`, `true`, `1.5`, `[1]`, `nothing`, ` `} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := decode(json.RawMessage(s))
		if err != nil {
			return
		}
		encoded, err := encode(v)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := newEncoder(&b).Encode(encoded); err != nil {
			t.Fatal(err)
		}
		again, err := decode(b.Bytes())
		if x, ok := v.(float64); ok && x != x { // not a number is not equal to itself
			return
		}
		if err != nil || !reflect.DeepEqual(v, again) {
			t.Errorf("%q became %#v, then %#v, %v", s, v, again, err)
		}
	})
}
