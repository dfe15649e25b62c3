package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// client is one connection that stays open. It does less than an http.Client,
// since what the generator does is taken from the server that it measures.
type client struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

func dial(ctx context.Context, addr string) (*client, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &client{conn: conn, in: bufio.NewReader(conn)}, nil
}

func (c *client) close() { _ = c.conn.Close() }

// requestLimit is how long a server may take to answer.
const requestLimit = 30 * time.Second

// say posts turn number i of the script in a conversation, and returns the
// status and the body of the answer.
func (c *client) say(f flow, conversation string, i int) (int, []byte, error) {
	in := f[i].In
	body, err := json.Marshal(message{conversation, in.ID, in.Text, in.Choice, in.Language})
	if err != nil {
		return 0, nil, err
	}
	return c.request(http.MethodPost, "/api/v1/messages", restKey, body)
}

// request returns the status and the body of the answer to a request.
func (c *client) request(method, path, key string, body []byte) (int, []byte, error) {
	c.out.Reset()
	fmt.Fprintf(&c.out, "%s %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", method, path, key, len(body), body)
	return c.exchange()
}

// exchange sends what has been written and reads the answer.
func (c *client) exchange() (int, []byte, error) {
	if err := c.conn.SetDeadline(time.Now().Add(requestLimit)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return 0, nil, err
	}
	res, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return res.StatusCode, answer, err
}
