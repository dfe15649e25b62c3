// Package dialog is the flow language, its proofs and its engine.
//
// A flow is a YAML file of steps: say, ask, set, if, call, handoff, end. Load
// reads the flows of a content folder and refuses what could leave a person
// stuck: every question ends somewhere however often it is not understood,
// every cycle asks something, and what requires a verified identity cannot be
// reached without one. Step runs them: a pure function from a session and an
// event to the next session and its effects, without clock, randomness or I/O.
//
// What the engine says by itself (not understood, cancelled, corrected …) are
// flows too, in patterns.yaml; a content folder replaces one by a flow of the
// same name.
package dialog
