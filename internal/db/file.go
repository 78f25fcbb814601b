package db

import "strings"

// FileOf returns the file of a database that is one, or "" for a database
// that is a server.
func FileOf(url string) string {
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok {
		return path
	}
	return ""
}
