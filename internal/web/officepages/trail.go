package officepages

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ambassadeur/internal/audit"
	"ambassadeur/internal/fault"
	"ambassadeur/internal/i18n"
	"ambassadeur/internal/web/kit"
)

// The object and the actions under which the trail keeps that it was checked.
const (
	checkObject  = "audit/verification"
	checkWhole   = "audit.verify"
	checkBroken  = "audit.verify_broken"
	trailPerPage = 50
)

// trailView is a part of the audit trail.
type trailView struct {
	Object, From, To string // as typed
	Errors           kit.Errors
	Entries          []audit.Entry
	Older            string // address of the next page; empty on the last
	Check            *checkView
}

// checkView is what a verification found.
type checkView struct {
	At    time.Time
	Whole bool
	Seq   int64 // of the first entry that is wrong, when that is known
	Now   bool  // it was done for this very page
}

// filter reads what to narrow to.
func (p *pages) filter(r *http.Request, v *trailView) (audit.Filter, error) {
	q := r.URL.Query()
	v.Object, v.From, v.To = strings.TrimSpace(q.Get("object")), q.Get("from"), q.Get("to")
	f := audit.Filter{Object: v.Object, Limit: trailPerPage + 1}
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64) // anything else is the first page
	if len(v.Object) > 250 {
		return f, fault.NewInvalid("office.trail-object").On("object")
	}
	var err error
	if v.From != "" {
		if f.From, err = time.ParseInLocation(time.DateOnly, v.From, i18n.Zone()); err != nil {
			return f, fault.NewInvalid("edition.fault.date").On("from")
		}
	}
	if v.To != "" {
		if f.To, err = time.ParseInLocation(time.DateOnly, v.To, i18n.Zone()); err != nil {
			return f, fault.NewInvalid("edition.fault.date").On("to")
		}
		f.To = f.To.AddDate(0, 0, 1) // that day counts
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return f, fault.NewInvalid("office.trail-order").On("to")
	}
	return f, nil
}

func (p *pages) showTrail(w http.ResponseWriter, r *http.Request) error {
	if _, err := p.actor(r.Context(), trailReaders()); err != nil {
		return err
	}
	return p.renderTrail(w, r, nil)
}

func (p *pages) renderTrail(w http.ResponseWriter, r *http.Request, check *checkView) error {
	ctx, who := r.Context(), kit.Who(r.Context()).PersonID
	v := trailView{Check: check}
	if check == nil {
		last, err := p.Trail.List(ctx, who, audit.Filter{Object: checkObject, Limit: 1})
		if err != nil {
			return err
		}
		if len(last) > 0 {
			v.Check = &checkView{At: last[0].At, Whole: last[0].Action == checkWhole}
		}
	}
	f, err := p.filter(r, &v)
	if err != nil {
		return refused(w, r, err, func(errs kit.Errors) error {
			v.Errors = errs
			return kit.Render(w, r, http.StatusUnprocessableEntity, trailPage(v))
		})
	}
	if v.Entries, err = p.Trail.List(ctx, who, f); err != nil {
		return err
	}
	if len(v.Entries) > trailPerPage {
		v.Entries = v.Entries[:trailPerPage]
		q := url.Values{"before": {strconv.FormatInt(v.Entries[trailPerPage-1].Seq, 10)}}
		for name, value := range map[string]string{"object": v.Object, "from": v.From, "to": v.To} {
			if value != "" {
				q.Set(name, value)
			}
		}
		v.Older = trailPath + "?" + q.Encode()
	}
	return kit.Render(w, r, http.StatusOK, trailPage(v))
}

// verifyTrail follows the whole chain and adds a line that says so.
func (p *pages) verifyTrail(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor, err := p.actor(ctx, trailReaders())
	if err != nil {
		return err
	}
	check := &checkView{At: p.Now(), Whole: true, Now: true}
	action := checkWhole
	if _, err = p.Trail.Verify(ctx); err != nil {
		var broken *audit.Broken
		if !errors.As(err, &broken) {
			return err
		}
		check.Whole, check.Seq, action = false, broken.Seq, checkBroken
	}
	if err := p.Record(ctx, actor.ID, action, checkObject); err != nil {
		return err
	}
	return p.renderTrail(w, r, check)
}
