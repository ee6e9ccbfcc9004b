"""How many queries a page may ask at most, measured with real rows.

The same for 10 and for 10,000 products, for 1 and for 300 grants, direct ones and through as many teams, and for a
hundred times the members, events, orders and requests: `tests/test_budgets.py`.
"""

# What everybody of an organization may open.
OPEN = {
    "/o/acme/": 12,
    "/o/acme/hosting/": 10,
    "/o/acme/hosting/?q=site&state=active&sort=-expires": 10,
    "/o/acme/search/?q=site": 10,
    "/search/?q=site": 10,
    "/o/acme/activity/": 10,
    "/o/acme/requests/": 11,
    "/o/acme/tokens/": 11,
    "/everywhere/": 10,
    "/everywhere/?q=site&kind=hosting&sort=-organization": 10,
}
# What takes a right in the organization.
ADMINISTRATION = {
    "/o/acme/members/": 10,
    "/o/acme/invitations/": 11,
    "/o/acme/teams/": 10,
    "/o/acme/transfers/": 10,
    "/o/acme/transfers/new/": 12,
    "/o/acme/orders/": 11,
    "/o/acme/members/{member}/rights/?kind=hosting": 14,
    "/o/acme/hosting/{hosting}/access/": 18,
}
BUDGETS = OPEN | ADMINISTRATION
