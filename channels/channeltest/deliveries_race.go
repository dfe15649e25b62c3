//go:build race

package channeltest

// Deliveries is a tenth of what it is without the race detector.
const Deliveries = 10_000
