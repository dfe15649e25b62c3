package webchat

import "supportbot/channels"

// apart runs f on a stack of its own and makes a panic an error. A turn needs
// much stack, which a goroutine that then waits for hours would keep.
func apart(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- channels.Guard(f) }()
	return <-done
}
