-- +goose Up

CREATE TABLE model_spending (
    day    BIGINT NOT NULL,
    who    TEXT   NOT NULL,
    tokens BIGINT NOT NULL,
    cost   BIGINT NOT NULL,
    PRIMARY KEY (day, who)
);
