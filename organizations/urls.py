from django.urls import include, path

from organizations.views import leaving, logo, member, members, organization, saved_view, sign_in, team, viewing

teams = [
    path("", team.teams, name="teams"),
    path("new/", team.create, name="team_create"),
    path("<int:team>/", team.team, name="team"),
    path("<int:team>/edit/", team.edit, name="team_edit"),
    path("<int:team>/delete/", team.delete, name="team_delete"),
    path("<int:team>/add/", team.add, name="team_add"),
    path("<int:team>/remove/", team.remove, name="team_remove"),
]

urlpatterns = [
    path("o/<slug:organization>/teams/", include(teams)),
    path("organizations/", organization.organizations, name="organizations"),
    path("organizations/new/", organization.create, name="organization_create"),
    path("o/<slug:organization>/members/", members.members, name="members"),
    path("o/<slug:organization>/members/change/", members.change, name="members_change"),
    path("o/<slug:organization>/members/remind/", members.remind, name="members_remind"),
    path("o/<slug:organization>/members/<int:member>/", member.member, name="member"),
    path("o/<slug:organization>/members/<int:member>/role/", member.set_role, name="member_role"),
    path("o/<slug:organization>/members/<int:member>/expiry/", member.set_expiry, name="member_expiry"),
    path("o/<slug:organization>/members/<int:member>/prefer/", member.prefer, name="member_prefer"),
    path("o/<slug:organization>/members/<int:member>/suspend/", member.suspend, name="member_suspend"),
    path("o/<slug:organization>/members/<int:member>/restore/", member.restore, name="member_restore"),
    path("o/<slug:organization>/members/<int:member>/remove/", leaving.remove, name="member_remove"),
    path("o/<slug:organization>/members/<int:member>/view-as/", viewing.view_as, name="view_as"),
    path("o/<slug:organization>/membership/", member.mine, name="my_membership"),
    path("o/<slug:organization>/leave/", leaving.leave, name="organization_leave"),
    path("o/<slug:organization>/views/<str:listing>/", saved_view.saved_views, name="saved_views"),
    path("o/<slug:organization>/views/<int:view>/delete/", saved_view.delete, name="saved_view_delete"),
    path("view-as/stop/", viewing.view_as_stop, name="view_as_stop"),
    path("o/<slug:organization>/sign-in-rules/", sign_in.sign_in_rules, name="sign_in_rules"),
    path("o/<slug:organization>/sign-in-rules/require/", sign_in.require, name="second_factor_require"),
    path("o/<slug:organization>/sign-in-rules/release/", sign_in.release, name="second_factor_release"),
    path("o/<slug:organization>/settings/", organization.settings, name="organization_settings"),
    path("o/<slug:organization>/settings/logo/", logo.set_logo, name="organization_set_logo"),
    path("o/<slug:organization>/settings/logo/remove/", logo.remove_logo, name="organization_remove_logo"),
    path("o/<slug:organization>/logo/<str:digest>/", logo.logo, name="organization_logo"),
    path("o/<slug:organization>/delete/", organization.delete, name="organization_delete"),
]
