"""How many queries a page may ask, measured with real rows.

The same for 10 and for 10,000 products, for 1 and for 300 grants.
"""

# Address: (most queries, measured as).
BUDGETS = {
    "/o/acme/": 12,
    "/o/acme/hosting/": 10,
    "/o/acme/hosting/?q=site&state=active&sort=-expires": 10,
    "/o/acme/search/?q=site": 10,
    "/o/acme/members/": 10,
    "/o/acme/activity/": 10,
    "/everywhere/": 10,
    "/everywhere/?q=site&kind=hosting&sort=-organization": 10,
    "/o/acme/orders/": 11,
    "/o/acme/requests/": 11,
}
