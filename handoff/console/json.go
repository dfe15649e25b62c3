package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"supportbot"
	"supportbot/channels/throttle"
	"supportbot/handoff"
)

// maxBody is the largest request body, in bytes.
const maxBody = 64 << 10

// readJSON reads a JSON object into v, and nothing of an empty body. If the
// body is at fault it says so to the client and returns false.
func readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		if tooBig := new(http.MaxBytesError); errors.As(err, &tooBig) {
			answerError(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", tooBig.Limit))
		}
		return false // else the client has gone
	}
	if len(body) == 0 {
		return true
	}
	err = json.Unmarshal(body, v)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return true
	case errors.As(err, &wrongType) && wrongType.Field != "":
		err = fmt.Errorf("%s must not be a %s", wrongType.Field, wrongType.Value)
	case errors.As(err, &wrongType):
		err = fmt.Errorf("the body must be a JSON object, not a %s", wrongType.Value)
	case errors.Is(err, supportbot.ErrInvalid): // a text in it; the error says which
	default:
		err = fmt.Errorf("the body is not JSON: %w", err)
	}
	answerError(w, http.StatusBadRequest, err.Error())
	return false
}

// answer writes v as JSON. The status is out before the body, so a client that
// has gone meanwhile cannot be told.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func invalid(problem string) error { return fmt.Errorf("%w: %s", supportbot.ErrInvalid, problem) }

func answerError(w http.ResponseWriter, status int, problem string) {
	answer(w, status, map[string]string{"error": problem})
}

// fail answers a call that the desk or the accounts could not serve.
func (c *Console) fail(w http.ResponseWriter, r *http.Request, err error) {
	var soon tooSoon
	var unsafe *handoff.Unsafe
	var fault *handoff.Fault
	switch {
	case r.Context().Err() != nil: // the client has gone
	case errors.As(err, &soon):
		w.Header().Set("Retry-After", strconv.Itoa(throttle.Seconds(time.Duration(soon))))
		answerError(w, http.StatusTooManyRequests, err.Error())
	case errors.As(err, &unsafe):
		answer(w, http.StatusUnprocessableEntity, map[string]any{"problem": "never-ask", "error": err.Error(), "say": unsafe.Say})
	case errors.As(err, &fault):
		answer(w, http.StatusBadRequest, map[string]string{"error": fault.Error(), "field": fault.Field, "problem": fault.Problem})
	case errors.Is(err, errRole), errors.Is(err, errFactor):
		answerError(w, http.StatusForbidden, err.Error())
	case errors.Is(err, supportbot.ErrNotFound):
		answerError(w, http.StatusNotFound, "there is no such case")
	case errors.Is(err, supportbot.ErrInvalid):
		answerError(w, http.StatusBadRequest, err.Error())
	case errors.Is(err, supportbot.ErrConflict):
		answerError(w, http.StatusConflict, "this id was used before for something else; choose another")
	default:
		c.log.ErrorContext(r.Context(), "console: call failed", slog.String("route", r.Pattern), slog.Any("error", err))
		answerError(w, http.StatusInternalServerError, "the server could not do this; nothing was acknowledged, try again")
	}
}
