"""Control of the webhooks: who is told, what was delivered, and delivery at once."""

from __future__ import annotations

from flask import Blueprint, Response

from connector.practice.control.bodies import body_of
from connector.practice.gateway.answers import answer
from connector.practice.state import State
from connector.practice.webhooks.webhooks import subscription


def webhook_routes(control: Blueprint, state: State) -> None:
    """The subscription, and delivery of what is due."""

    webhooks = state.webhooks

    @control.get("/webhooks")
    def show_webhooks() -> Response:
        return answer(webhooks.told())

    @control.route("/webhooks", methods=["PUT", "POST"])
    def subscribe() -> Response:
        webhooks.subscribe(subscription(body_of("url", "verifier", "shape", "entities")))
        return answer(webhooks.told())

    @control.delete("/webhooks")
    def unsubscribe() -> Response:
        webhooks.clear()
        return answer({})

    @control.post("/webhooks/deliver")
    def deliver() -> Response:
        webhooks.deliver()
        return answer(webhooks.outcomes())
