// Package supportbot holds the words of the domain: what a person says to the
// bot (Inbound), what understanding makes of it (Reading, Command), what the
// bot says (Reply, Message), the case that a human agent takes over (Case), and
// the one value that holds all that a turn changes (Commit).
//
// Every other package speaks in these words, so this one imports nothing but
// the standard library and does nothing but hold them.
package supportbot
