// Package turn is the one way of a message: mask what is secret, write it to
// the inbox, understand it, step the engine, commit all that changes at once.
//
// What a person says, what an agent does and what a timer brings all take it,
// one at a time per conversation. The step in the middle, Content.Turn, is pure;
// everything around it is durable, so that a turn that is lost half-way is done
// again by whoever finds its inbox row.
package turn
