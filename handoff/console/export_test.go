package console

import "time"

// PingEvery lets tests wait less for a ping.
func (c *Console) PingEvery(d time.Duration) { c.ping = d }
