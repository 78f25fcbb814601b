package kit

import (
	"net/http"

	"ambassadeur/internal/fault"
)

// MaxForm is the largest form that is read, in bytes. Uploads have a limit of
// their own.
const MaxForm = 256 << 10

// ParseForm reads the fields of a posted form, at most MaxForm bytes.
func ParseForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := r.ParseForm(); err != nil {
		return fault.NewInvalid("fault.form").Because(err)
	}
	return nil
}

// Errors holds what is wrong with the fields of a form, by field name, as
// sentences in the page's language.
type Errors map[string]string

// Of returns the message for a field, empty when it is fine.
func (e Errors) Of(field string) string { return e[field] }

// Any reports whether something is wrong.
func (e Errors) Any() bool { return len(e) > 0 }

// FormErrors turns an Invalid fault about a field into Errors. ok is false
// when err is something else, which the handler returns as it is.
func FormErrors(r *http.Request, err error) (Errors, bool) {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || f.Field == "" {
		return nil, false
	}
	return Errors{f.Field: Printer(r.Context()).M(f.Key, f.Args)}, true
}
