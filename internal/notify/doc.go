// Package notify tells people that there is something for them: on the screen
// always, by mail as they wish. It owns the tables notify_preference,
// notify_silence, notify_notice and notify_mail. Their rows go with the person.
//
// A notice holds a kind and the id of an object. A mail says only that there
// is something: never what, about whom, or to which audience the reader
// belongs. Its words are fixed (package mail).
//
// # Never twice, never silently not
//
// A mail is claimed in the database before it leaves, and marked sent after
// the server confirmed. Two workers cannot claim the same notices. When
// sending certainly failed, the notices are free again and a later try mails
// them. When it is uncertain (the process was killed between claim and mark,
// or the connection broke after the text was handed over) the mail is marked
// unsure and not sent again: it may have arrived, and it may not have. Nothing
// is lost then, since every notice is on the person's home until it is read;
// doctor counts such mails.
//
// Start reading at Service.Notify, then Service.Deliver.
package notify
