package job

import (
	"fmt"
	"reflect"

	"ambassadeur/internal/text"
)

// An id, a kind or a code: no spaces, no "@", no free text.
var idText = text.Pattern(`^[A-Za-z0-9._:/-]{0,100}$`)

// checkShape panics when a type of arguments can hold more than ids.
func checkShape(args Args) {
	kind := args.Kind()
	if kind == "" || !idText().MatchString(kind) {
		panic(fmt.Sprintf("job kind %q: use letters, digits, dots and dashes", kind))
	}
	t := reflect.TypeOf(args)
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("job %s: arguments must be a struct, not %s", kind, t))
	}
	for f := range t.Fields() {
		if !f.IsExported() || f.Anonymous || !allowed(f.Type.Kind()) {
			panic(fmt.Sprintf("job %s: field %s: arguments are exported strings, whole numbers and booleans only", kind, f.Name))
		}
	}
}

func allowed(k reflect.Kind) bool {
	switch k {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32, reflect.Int64:
		return true
	default:
		return false
	}
}

// checkValues refuses strings that are not ids. The value is not repeated in
// the error: it may be what must not be stored.
func checkValues(args Args) error {
	v := reflect.ValueOf(args)
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("job %s: arguments must be a struct, not a pointer", args.Kind())
	}
	for f, value := range v.Fields() {
		if value.Kind() == reflect.String && !idText().MatchString(value.String()) {
			return fmt.Errorf("job %s: field %s must hold an id, not text", args.Kind(), f.Name)
		}
	}
	return nil
}
