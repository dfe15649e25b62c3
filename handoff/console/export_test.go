package console

import "time"

// PingEvery lets tests wait less for a ping.
func (c *Console) PingEvery(d time.Duration) { c.ping = d }

// FillPlaces has strangers at work and waiting in all places that they have.
func (c *Console) FillPlaces() {
	for range placesAtOnce {
		c.places.strangers.work <- struct{}{}
	}
	for range placesWaiting {
		c.places.strangers.queue <- struct{}{}
	}
}
