"""The script one would write first: Flask, a pool of threads, nothing kept. Contestant (b)."""

import base64
import hashlib
import hmac
import sys
from concurrent.futures import ThreadPoolExecutor

import requests
from flask import Flask, request
from requests.adapters import HTTPAdapter
from waitress.server import create_server

API, SECRET = sys.argv[1], base64.b64decode(sys.argv[2].removeprefix("whsec_"))
app = Flask(__name__)
pool = ThreadPoolExecutor(8)
session = requests.Session()
session.mount("http://", HTTPAdapter(pool_maxsize=8))
session.headers["Authorization"] = "Bearer stub-access"


def find_or_create(contact):
    email = contact["email"]
    query = f"select * from Customer where PrimaryEmailAddr = '{email}'"
    found = session.get(f"{API}/query", params={"query": query}).json()["QueryResponse"]
    if found.get("Customer"):
        return found["Customer"][0]["Id"]
    body = {"DisplayName": contact["name"], "PrimaryEmailAddr": {"Address": email}}
    return session.post(f"{API}/customer", json=body).json()["Customer"]["Id"]


def book(event):
    data = event["data"]
    customer = {"value": find_or_create(data["contact"])}
    lines = [
        {
            "DetailType": "SalesItemLineDetail",
            "Amount": float(line["amount"]),
            "Description": line["description"],
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
        }
        for line in data["invoice"]["lines"]
    ]
    invoice = {"CustomerRef": customer, "DocNumber": data["invoice"]["number"], "Line": lines}
    made = session.post(f"{API}/invoice", json=invoice).json()["Invoice"]
    payment = {
        "CustomerRef": customer,
        "TotalAmt": float(data["payment"]["amount"]),
        "PaymentRefNum": data["payment"]["processor_ref"],
        "Line": [
            {
                "Amount": float(data["payment"]["amount"]),
                "LinkedTxn": [{"TxnId": made["Id"], "TxnType": "Invoice"}],
            }
        ],
    }
    session.post(f"{API}/payment", json=payment).raise_for_status()


@app.post("/hooks/leadexploder")
def hook():
    raw, given = request.get_data(), request.headers
    signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + raw
    right = base64.b64encode(hmac.digest(SECRET, signed, hashlib.sha256)).decode()
    if not hmac.compare_digest(f"v1,{right}", given["webhook-signature"]):
        return {"error": "bad signature"}, 401
    pool.submit(book, request.get_json())
    return {"status": "stored"}


if __name__ == "__main__":
    server = create_server(app, host="127.0.0.1", port=0, threads=8)
    print(server.effective_port, flush=True)
    server.run()
