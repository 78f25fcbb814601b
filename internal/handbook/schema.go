package handbook

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// schemaFiles names the type behind each file, for editors that look up a
// schema by file name.
var schemaFiles = []struct {
	pattern string
	of      reflect.Type
}{
	{bookFile, reflect.TypeFor[Book]()},
	{itemsFile, reflect.TypeFor[itemsDoc]()},
	{chaptersDir + "/*.yaml", reflect.TypeFor[Chapter]()},
	{cardsFile, reflect.TypeFor[Cards]()},
	{guidesDir + "/*.yaml", reflect.TypeFor[Guide]()},
	{checklistsFile, reflect.TypeFor[checklistsDoc]()},
	{helpersDir + "/*.yaml", reflect.TypeFor[Helper]()},
	{platformsFile, reflect.TypeFor[platformsDoc]()},
	{referencesFile, reflect.TypeFor[referencesDoc]()},
	{openEndsFile, reflect.TypeFor[openEndsDoc]()},
	{contactsFile, reflect.TypeFor[Contacts]()},
	{locationsFile, reflect.TypeFor[Locations]()},
	{channelsFile, reflect.TypeFor[Channels]()},
	{officersFile, reflect.TypeFor[Officers]()},
}

// Schema returns the JSON schema of the files of a handbook, made from the
// types and their check tags. Each file has a definition of its own: put
// "# yaml-language-server: $schema=../schema.json#/$defs/Chapter" on top of a
// chapter. What needs the whole folder (links, items, the paths of a helper)
// is checked by Load alone.
func Schema() ([]byte, error) {
	s := &schemaBuilder{defs: map[string]any{}}
	var files []object
	for _, f := range schemaFiles {
		files = append(files, object{"description": f.pattern, "$ref": s.ref(f.of)})
	}
	out, err := json.MarshalIndent(object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "A handbook of Ambassadeur",
		"anyOf":   files,
		"$defs":   s.defs,
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(out, '\n'), nil
}

type object = map[string]any

type schemaBuilder struct{ defs map[string]any }

// ref returns the reference to a struct's definition and makes it once.
func (s *schemaBuilder) ref(t reflect.Type) string {
	name := t.Name()
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = nil // a type may hold itself
		s.defs[name] = s.definition(t)
	}
	return "#/$defs/" + name
}

func (s *schemaBuilder) definition(t reflect.Type) object {
	props := object{}
	required := []string{}
	for i, r := range rulesOf(t) {
		f := t.Field(i)
		props[r.name] = s.of(f.Type, r)
		if mustHave(f.Type, r) {
			required = append(required, r.name)
		}
	}
	return object{"type": "object", "additionalProperties": false, "properties": props, "required": required}
}

// mustHave says whether Load would miss the key.
func mustHave(t reflect.Type, r rule) bool {
	switch {
	case t == textType:
		return !r.has("optional")
	case t.Kind() == reflect.Struct:
		return true
	case t.Kind() == reflect.Slice:
		return r.hasMin && r.min > 0
	case t == reflect.TypeFor[string]() && r.oneof != nil:
		return r.oneof[0] != ""
	case t.Kind() == reflect.String && t != reflect.TypeFor[string]():
		return !r.has("optional")
	default:
		return r.has("id") || r.has("required") || r.has("picture") || r.has("date") || r.has("line") || (t.Kind() == reflect.Int && r.hasMin && r.min > 0)
	}
}

func (s *schemaBuilder) of(t reflect.Type, r rule) object {
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem(), r)
	case reflect.Struct:
		return object{"$ref": s.ref(t)}
	case reflect.Slice:
		out := object{"type": "array", "items": s.of(t.Elem(), rule{name: r.name, flags: r.flags, oneof: r.oneof})}
		if r.hasMin && r.min > 0 {
			out["minItems"] = r.min
		}
		if r.max > 0 {
			out["maxItems"] = r.max
		}
		return out
	case reflect.Int:
		out := object{"type": "integer"}
		if r.hasMin {
			out["minimum"] = r.min
		}
		if r.max > 0 {
			out["maximum"] = r.max
		}
		return out
	case reflect.Bool:
		return object{"type": "boolean"}
	default:
		return words(t, r)
	}
}

// words is the schema of a string: its choices or its form.
func words(t reflect.Type, r rule) object {
	switch t {
	case reflect.TypeFor[Audience]():
		return object{"enum": []Audience{Client, Staff, Volunteer}}
	case reflect.TypeFor[Strength]():
		return object{"enum": []Strength{NotAllowed, Discouraged, Tip}}
	case reflect.TypeFor[CardKind]():
		return object{"enum": []CardKind{Do, Dont}}
	case linkType:
		return object{"type": "string", "pattern": "^[a-z-]+:.+$"}
	}
	out := object{"type": "string"}
	switch {
	case r.oneof != nil:
		return object{"enum": r.oneof}
	case r.has("items"):
		out["pattern"] = itemForm.String()
	case r.has("id"):
		out["pattern"] = slugForm.String()
	case r.has("picture"):
		out["pattern"] = pictureForm.String()
	case r.has("date"):
		out["pattern"] = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	case r.has("url"):
		out["pattern"] = `^(https://.+)?$`
	case r.has("required"):
		out["minLength"] = 1
	case r.has("line"):
		out["pattern"] = lineForm.String()
		out["type"] = []string{"string", "integer"} // 85 without quotes reads the same
	}
	return out
}
