//go:build !race

package channeltest

// Deliveries is how many requests are forged, repeated and sent in any order. The race
// detector, which makes each take ten times as long, sees a tenth.
const Deliveries = 100_000
