// Package fault is the vocabulary of things that can go wrong in a way that a
// person can understand. A Fault names its kind (which decides the status of
// the page), a message key of the catalog with its arguments (what is shown)
// and a cause (what is logged and never shown). Every error that is not a
// Fault is Internal: its text never reaches a page.
//
// Start reading at Fault.
package fault

import (
	"errors"
	"fmt"
)

// Kind is the class of a fault. The zero value is Internal, so an error that
// nobody classified is never shown.
type Kind uint8

// The kinds, and the HTTP status that each becomes at the edge.
const (
	Internal    Kind = iota // 500: our mistake, or the machine's
	Invalid                 // 422: what was typed cannot be used as it is
	Forbidden               // 403: this person may not do this
	NotFound                // 404: there is no such thing, or no longer
	Conflict                // 409: not in this state, or somebody was first
	Unavailable             // 503: a part we need does not answer; try again later
)

// String returns the kind's name for logs.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case Forbidden:
		return "forbidden"
	case NotFound:
		return "not found"
	case Conflict:
		return "conflict"
	case Unavailable:
		return "unavailable"
	default:
		return "internal"
	}
}

// Fault is an error with words for a person. Key and Hint are keys of the
// message catalog; Field is the name of the form field that it is about, or
// empty; Cause is for the log only.
type Fault struct {
	Kind  Kind
	Key   string
	Args  map[string]any
	Field string
	Hint  string
	Cause error
}

// Error is for logs: the kind, the key and the cause.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf("%s (%s): %v", f.Key, f.Kind, f.Cause)
	}
	return fmt.Sprintf("%s (%s)", f.Key, f.Kind)
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// On returns the same fault about one field of a form.
func (f *Fault) On(field string) *Fault {
	c := *f
	c.Field = field
	return &c
}

// WithHint returns the same fault with a second sentence that says what to do.
func (f *Fault) WithHint(key string) *Fault {
	c := *f
	c.Hint = key
	return &c
}

// Because returns the same fault with a cause for the log.
func (f *Fault) Because(err error) *Fault {
	c := *f
	c.Cause = err
	return &c
}

// New returns a fault of the kind. kv holds the message's arguments as pairs
// of a name and a value.
func New(kind Kind, key string, kv ...any) *Fault {
	f := &Fault{Kind: kind, Key: key}
	if len(kv) > 0 {
		f.Args = make(map[string]any, len(kv)/2)
		for i := 0; i+1 < len(kv); i += 2 {
			name, ok := kv[i].(string)
			if !ok {
				name = fmt.Sprint(kv[i])
			}
			f.Args[name] = kv[i+1]
		}
	}
	return f
}

// NewInvalid says that something typed cannot be used as it is.
func NewInvalid(key string, kv ...any) *Fault { return New(Invalid, key, kv...) }

// NewForbidden says that this person may not do this.
func NewForbidden(key string, kv ...any) *Fault { return New(Forbidden, key, kv...) }

// NewNotFound says that there is no such thing, or no longer.
func NewNotFound(key string, kv ...any) *Fault { return New(NotFound, key, kv...) }

// NewConflict says that it is not possible in this state.
func NewConflict(key string, kv ...any) *Fault { return New(Conflict, key, kv...) }

// NewUnavailable says that a part does not answer now.
func NewUnavailable(key string, kv ...any) *Fault { return New(Unavailable, key, kv...) }

// As finds the outermost fault in err.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// KindOf returns the kind of the outermost fault in err, Internal when there is none.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return Internal
}
